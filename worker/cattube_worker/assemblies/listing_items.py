"""Assemblies as the list shows them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from cattube_worker.assemblies.listing import ListedAssembly
from cattube_worker.assemblies.model import FAILED
from cattube_worker.assemblies.status.document import OK
from cattube_worker.protocol.dates import list_date, status_date


def assembly_item(listed: ListedAssembly) -> dict[str, Any]:
    """One line of GET /assemblies. Here, unlike in the status, absent things are null."""
    assembly, uploads = listed.assembly, listed.uploads
    started, ended = assembly.execution_started_at, assembly.ended_at
    received = assembly.uploading_ended_at
    return {
        "id": assembly.id,
        "parent_id": assembly.parent_id,
        "account_id": None,
        "template_id": assembly.template_id,
        "template_name": assembly.template_name,
        "instance": urlsplit(assembly.base_url).netloc,
        "notify_url": assembly.notify_url,
        "redirect_url": json.loads(assembly.merged_params).get("redirect_url"),
        "files": json.dumps([each.filename for each in uploads], ensure_ascii=False) if uploads else None,
        "warning_count": len(assembly.warnings),
        "execution_duration": None if started is None or ended is None else round(ended - started, 3),
        "execution_start": None if started is None else status_date(started),
        "num_input_files": len(uploads),
        "bytes_usage": 0,
        "bytes_expected": sum(each.size_bytes or 0 for each in uploads),
        "bytes_received": sum(each.size_bytes or 0 for each in uploads if each.finished_at is not None),
        "upload_duration": 0 if received is None else round(received - assembly.created_at, 3),
        "ok": None if assembly.state == FAILED else OK[assembly.state][0],
        "error": assembly.error_code,
        "created": list_date(assembly.created_at),
        "created_ts": int(assembly.created_at),
    }
