"""Uploads of an assembly as its status shows them while their bytes arrive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cattube_worker.assemblies.addresses import assembly_tus_url, tus_url
from cattube_worker.assemblies.model import Assembly, Upload
from cattube_worker.assemblies.repository import Snapshot
from cattube_worker.instructions.assembly_file import ORIGINAL_STEP
from cattube_worker.protocol.dates import seconds_between

ReceivedBytes = Callable[[Upload], int]


def uploading_facts(snapshot: Snapshot, received: ReceivedBytes) -> dict[str, Any]:
    """The keys of the status that say how far the uploads are. received: bytes of an upload on disk."""
    assembly, uploads = snapshot.assembly, snapshot.uploads
    offsets = {upload.id: _offset(upload, received) for upload in uploads}
    tus_uploads = [upload for upload in uploads if upload.is_tus]
    return {
        "tus_url": assembly_tus_url(assembly),
        "bytes_received": sum(offsets.values()),
        "bytes_expected": sum(upload.size_bytes or 0 for upload in uploads),
        "upload_duration": seconds_between(assembly.created_at, assembly.uploading_ended_at) or 0,
        "upload_meta_data_extracted": is_metadata_extracted(snapshot),
        "num_input_files": len(uploads),
        "expected_tus_uploads": assembly.expected_uploads - (len(uploads) - len(tus_uploads)),
        "started_tus_uploads": len(tus_uploads),
        "finished_tus_uploads": sum(upload.finished_at is not None for upload in tus_uploads),
        "tus_uploads": [_tus_upload(assembly, upload, offsets[upload.id]) for upload in tus_uploads],
    }


def is_metadata_extracted(snapshot: Snapshot) -> bool:
    """True when all uploads have arrived and were probed."""
    probes = [job for job in snapshot.jobs if job.node == ORIGINAL_STEP]
    return snapshot.assembly.uploading_ended_at is not None and all(job.state == "done" for job in probes)


def _tus_upload(assembly: Assembly, upload: Upload, offset: int) -> dict[str, Any]:
    return {
        "filename": upload.filename,
        "fieldname": upload.fieldname,
        "user_meta": upload.user_meta,
        "size": upload.size_bytes or 0,
        "offset": offset,
        "finished": upload.finished_at is not None,
        "upload_url": tus_url(assembly.base_url) + upload.id,
    }


def _offset(upload: Upload, received: ReceivedBytes) -> int:
    # The bytes of a finished upload may have moved on.
    return received(upload) if upload.finished_at is None else upload.size_bytes or 0
