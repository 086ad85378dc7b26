"""An upload or an import as a file of its assembly."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cattube_worker.assemblies.model import Upload
from cattube_worker.instructions.assembly_file import ORIGINAL_STEP, AssemblyFile
from cattube_worker.media.file_facts import FileFacts
from cattube_worker.protocol.file_names import split_name


def original_id(upload: Upload) -> str:
    """The id of the file that an upload becomes: the same however often it is probed."""
    return uuid.uuid5(uuid.NAMESPACE_URL, upload.id).hex


def original_file(
    path: Path,
    facts: FileFacts,
    *,
    file_id: str,
    name: str,
    field: str | None,
    user_meta: Mapping[str, Any] | None = None,
    tus_upload_url: str | None = None,
) -> AssemblyFile:
    """The file at `path`, described by what was found in it. name: the sender's; field: of the form."""
    basename, extension = split_name(name)
    return AssemblyFile(
        id=file_id,
        step=ORIGINAL_STEP,
        path=path,
        name=name,
        basename=basename,
        ext=extension or facts.ext,
        size_bytes=facts.size_bytes,
        mime=facts.mime,
        type=facts.type,
        md5hash=facts.md5hash,
        field=field,
        original_id=file_id,
        original_name=name,
        original_basename=basename,
        original_md5hash=facts.md5hash,
        meta=facts.meta,
        user_meta=dict(user_meta or {}),
        tus_upload_url=tus_upload_url,
    )
