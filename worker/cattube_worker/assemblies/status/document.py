"""The status document: one assembly as Transloadit's clients read it.

Keys and their presence follow the assemblyStatusSchema of all SDKs from 4.0 on: never "error": null, never
"info": null, "ok" absent when there is an error, both URLs of the assembly in every document. What an engine
of one's own has none of, such as an account id, is left out: the schemas of 4.0 take no null for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cattube_worker.assemblies.addresses import assembly_url, events_url
from cattube_worker.assemblies.model import CANCELED, COMPLETED, EXECUTING, UPLOADING, Assembly
from cattube_worker.assemblies.repository import Snapshot
from cattube_worker.assemblies.status.execution import execution_facts
from cattube_worker.assemblies.status.files import FilesView
from cattube_worker.assemblies.status.uploading import ReceivedBytes, is_metadata_extracted, uploading_facts
from cattube_worker.instructions.compile import read_instructions
from cattube_worker.protocol.dates import optional_status_date, status_date
from cattube_worker.protocol.masking import without_secrets

OK = {
    UPLOADING: ("ASSEMBLY_UPLOADING", "The Assembly is still in the process of being uploaded."),
    EXECUTING: ("ASSEMBLY_EXECUTING", "The Assembly is currently being executed."),
    COMPLETED: ("ASSEMBLY_COMPLETED", "The Assembly was successfully completed."),
    CANCELED: ("ASSEMBLY_CANCELED", "The Assembly was canceled."),
}
REPLAYING = ("ASSEMBLY_REPLAYING", "The Assembly is being replayed.")
NOTIFY_STATUS = {"waiting": "processing", "sent": "successful", "failed": "error"}
QUIET_KEYS = ("ok", "error", "message", "http_code", "assembly_id")


@dataclass(frozen=True)
class StatusView:
    """Writer of status documents.

    files: writes the entries of files. received: bytes of an upload on disk.
    live_preview_path: the path of an assembly's live preview; None without one.
    """

    files: FilesView
    received: ReceivedBytes
    live_preview_path: Callable[[str], str | None]

    def document(self, snapshot: Snapshot) -> dict[str, Any]:
        """The status document of an assembly at the moment of `snapshot`."""
        instructions = read_instructions(snapshot.assembly.steps)
        execution = execution_facts(snapshot, instructions)
        return {
            **_outcome(snapshot),
            **_identity(snapshot.assembly),
            **uploading_facts(snapshot, self.received),
            **execution,
            **self._live_preview(snapshot.assembly, execution.get("execution_phase")),
            **_notification(snapshot),
            "uploads": self.files.uploads(snapshot),
            "results": self.files.results(snapshot, instructions),
        }

    def _live_preview(self, assembly: Assembly, phase: str | None) -> dict[str, Any]:
        """The address of the live preview, until all that viewers wait for is stored: a key of our own."""
        is_awaited = not assembly.is_final and phase != "improving"
        path = self.live_preview_path(assembly.id) if is_awaited else None
        return {} if path is None else {"growing_hls_url": assembly.base_url + path}


def short_answer(document: Mapping[str, Any]) -> dict[str, Any]:
    """The status as a client gets it that asked for a `quiet` answer."""
    return {name: document[name] for name in QUIET_KEYS if name in document}


def _outcome(snapshot: Snapshot) -> dict[str, Any]:
    assembly = snapshot.assembly
    if assembly.error_code:
        return {
            "error": assembly.error_code,
            "message": assembly.error_message or "",
            **assembly.error_details,
        }
    is_starting = assembly.state == EXECUTING and not is_metadata_extracted(snapshot)
    ok, message = REPLAYING if assembly.parent_id and is_starting else OK[assembly.state]
    return {"ok": ok, "message": message, "http_code": 200}


def _identity(assembly: Assembly) -> dict[str, Any]:
    url, events = assembly_url(assembly), events_url(assembly.base_url)
    return {
        "assembly_id": assembly.id,
        "parent_id": assembly.parent_id,
        "account_name": None,
        "account_slug": None,
        "api_auth_key_id": None,
        "template_id": assembly.template_id,
        "template_name": assembly.template_name,
        "instance": urlsplit(assembly.base_url).netloc,
        "assembly_url": url,
        "assembly_ssl_url": url,
        "websocket_url": events,
        "update_stream_url": f"{events}?assembly={assembly.id}",
        "client_agent": None,
        "client_ip": None,
        "client_referer": None,
        "transloadit_client": assembly.transloadit_client,
        "start_date": status_date(assembly.created_at),
        "fields": assembly.fields,
        "params": without_secrets(assembly.params),
        "template": without_secrets(assembly.template),
        "merged_params": without_secrets(assembly.merged_params),
        "warnings": assembly.warnings,
        "is_infinite": False,
        "has_dupe_jobs": False,
        "bytes_usage": 0,
        "parent_assembly_status": None,
    }


def _notification(snapshot: Snapshot) -> dict[str, Any]:
    notification, last = snapshot.notification, snapshot.last_delivery
    return {
        "notify_url": snapshot.assembly.notify_url,
        "notify_start": optional_status_date(last.started_at if last else None),
        "notify_status": NOTIFY_STATUS[notification.state] if notification else None,
        "notify_response_code": last.response_code if last else None,
        "notify_response_data": last.response_data if last else None,
        "notify_error": last.error if last else None,
        "notify_duration": last.duration_seconds if last else None,
    }
