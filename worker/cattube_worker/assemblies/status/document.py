"""The status document: one assembly as Transloadit's clients read it.

Keys and their presence follow the SDK's assemblyStatusSchema: never "error": null, never "info": null,
"ok" absent when there is an error, both URLs of the assembly in every document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cattube_worker.assemblies.addresses import assembly_tus_url, assembly_url, events_url, tus_url
from cattube_worker.assemblies.model import (
    CANCELED,
    COMPLETED,
    EXECUTING,
    UPLOADING,
    Assembly,
    Job,
    Upload,
)
from cattube_worker.assemblies.repository import Snapshot
from cattube_worker.assemblies.status.files import FilesView
from cattube_worker.assemblies.status.progress import execution_phase, progress_percent
from cattube_worker.instructions.assembly_file import ORIGINAL_STEP
from cattube_worker.instructions.compile import Instructions, read_instructions
from cattube_worker.protocol.dates import status_date
from cattube_worker.protocol.masking import without_secrets

OK = {
    UPLOADING: ("ASSEMBLY_UPLOADING", "The Assembly is still in the process of being uploaded."),
    EXECUTING: ("ASSEMBLY_EXECUTING", "The Assembly is currently being executed."),
    COMPLETED: ("ASSEMBLY_COMPLETED", "The Assembly was successfully completed."),
    CANCELED: ("ASSEMBLY_CANCELED", "The Assembly was canceled."),
}
REPLAYING = ("ASSEMBLY_REPLAYING", "The Assembly is being replayed.")
DELIVERY = {"waiting": "processing", "sent": "successful", "failed": "error"}


@dataclass(frozen=True)
class StatusView:
    """Writes status documents.

    files: writes their entries. received: how many bytes of an upload lie on disk.
    live_preview_path: the path under which an assembly's video can be watched while it is made.
    """

    files: FilesView
    received: Callable[[Upload], int]
    live_preview_path: Callable[[str], str | None]

    def document(self, snapshot: Snapshot) -> dict[str, Any]:
        """The status document of an assembly at the moment of `snapshot`."""
        instructions = read_instructions(snapshot.assembly.steps)
        execution = _execution(snapshot, instructions)
        return {
            **_outcome(snapshot),
            **_identity(snapshot.assembly),
            **self._uploading(snapshot),
            **execution,
            **self._live_preview(snapshot.assembly, execution.get("execution_phase")),
            **_notification(snapshot),
            "uploads": self.files.uploads(snapshot),
            "results": self.files.results(snapshot, instructions),
        }

    def _uploading(self, snapshot: Snapshot) -> dict[str, Any]:
        assembly, uploads = snapshot.assembly, snapshot.uploads
        offsets = {each.id: _offset(each, self.received) for each in uploads}
        tus = [each for each in uploads if each.is_tus]
        return {
            "tus_url": assembly_tus_url(assembly),
            "bytes_received": sum(offsets.values()),
            "bytes_expected": sum(each.size_bytes or 0 for each in uploads),
            "upload_duration": _seconds(assembly.created_at, assembly.uploading_ended_at) or 0,
            "upload_meta_data_extracted": _is_meta_extracted(snapshot),
            "num_input_files": len(uploads),
            "expected_tus_uploads": assembly.expected_uploads - (len(uploads) - len(tus)),
            "started_tus_uploads": len(tus),
            "finished_tus_uploads": sum(each.finished_at is not None for each in tus),
            "tus_uploads": [
                {
                    "filename": each.filename,
                    "fieldname": each.fieldname,
                    "user_meta": each.user_meta,
                    "size": each.size_bytes or 0,
                    "offset": offsets[each.id],
                    "finished": each.finished_at is not None,
                    "upload_url": tus_url(assembly.base_url) + each.id,
                }
                for each in tus
            ],
        }

    def _live_preview(self, assembly: Assembly, phase: str | None) -> dict[str, Any]:
        """Where the video can be watched until what people wait for is stored: a key of our own."""
        is_awaited = not assembly.is_final and phase != "improving"
        path = self.live_preview_path(assembly.id) if is_awaited else None
        return {} if path is None else {"growing_hls_url": assembly.base_url + path}


def _outcome(snapshot: Snapshot) -> dict[str, Any]:
    assembly = snapshot.assembly
    if assembly.error_code:
        return {
            "error": assembly.error_code,
            "message": assembly.error_message or "",
            **assembly.error_details,
        }
    is_starting = assembly.state == EXECUTING and not _is_meta_extracted(snapshot)
    ok, message = REPLAYING if assembly.parent_id and is_starting else OK[assembly.state]
    return {"ok": ok, "message": message, "http_code": 200}


def _identity(assembly: Assembly) -> dict[str, Any]:
    url, events = assembly_url(assembly), events_url(assembly.base_url)
    return {
        "assembly_id": assembly.id,
        "parent_id": assembly.parent_id,
        "account_id": None,
        "account_name": None,
        "account_slug": None,
        "api_auth_key_id": None,
        "template_id": assembly.template_id,
        "template_name": assembly.template_name,
        "instance": urlsplit(assembly.base_url).netloc,
        "assembly_url": url,
        "assembly_ssl_url": url,
        "uppyserver_url": None,
        "companion_url": None,
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


def _execution(snapshot: Snapshot, instructions: Instructions) -> dict[str, Any]:
    assembly, jobs = snapshot.assembly, [job for job in snapshot.jobs if job.node != ORIGINAL_STEP]
    last = max((job.ended_at for job in jobs if job.ended_at and job.state == "done"), default=None)
    running = _job_names(snapshot, instructions, [job for job in jobs if job.state == "running"])
    document: dict[str, Any] = {
        "execution_start": _date(assembly.execution_started_at),
        "execution_duration": _seconds(assembly.execution_started_at, assembly.ended_at),
        "queue_duration": 0,
        "jobs_queue_duration": 0,
        "last_job_completed": _date(last),
        "running_jobs": running,
        "executing_jobs": running,
        "started_jobs": _job_names(snapshot, instructions, [job for job in jobs if job.attempt > 0]),
    }
    if assembly.state == EXECUTING:
        # Not in Transloadit's document, where Uppy fills it from the event stream; our site reads it here.
        document["progress_combined"] = progress_percent(instructions.plan, jobs)
        document.update(_standing(snapshot, instructions, jobs))
    if assembly.ignored_errors:
        document["ignored_errors"] = assembly.ignored_errors
        document["ignored_error_count"] = len(assembly.ignored_errors)
    return document


def _standing(snapshot: Snapshot, instructions: Instructions, jobs: Sequence[Job]) -> dict[str, Any]:
    """What is being done, and its place in the queue: keys of our own, Transloadit tells neither."""
    position = snapshot.queue_position
    phase = execution_phase(instructions.plan, jobs, queue_position=position)
    return {"execution_phase": phase, **({"queue_position": position} if phase == "queued" else {})}


def _notification(snapshot: Snapshot) -> dict[str, Any]:
    notification, last = snapshot.notification, snapshot.last_delivery
    return {
        "notify_url": snapshot.assembly.notify_url,
        "notify_start": _date(last.started_at) if last else None,
        "notify_status": DELIVERY[notification.state] if notification else None,
        "notify_response_code": last.response_code if last else None,
        "notify_response_data": last.response_data if last else None,
        "notify_error": last.error if last else None,
        "notify_duration": last.duration_seconds if last else None,
    }


def _job_names(snapshot: Snapshot, instructions: Instructions, jobs: Sequence[Job]) -> list[str]:
    """The jobs as "step::step it works on", one for each step that is made together with others."""
    origins = {file.id: file.step for file in snapshot.files}
    return [
        f"{step.name}::{origins.get(job.input_ids[0], ORIGINAL_STEP) if job.input_ids else ORIGINAL_STEP}"
        for job in jobs
        for step in instructions.plan.node(job.node).steps
    ]


def _is_meta_extracted(snapshot: Snapshot) -> bool:
    looks = [job for job in snapshot.jobs if job.node == ORIGINAL_STEP]
    return snapshot.assembly.uploading_ended_at is not None and all(job.state == "done" for job in looks)


def _offset(upload: Upload, received: Callable[[Upload], int]) -> int:
    if upload.finished_at is not None:
        return upload.size_bytes or 0
    return received(upload)


def _date(moment: float | None) -> str | None:
    return None if moment is None else status_date(moment)


def _seconds(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else round(end - start, 3)


def short_answer(document: Mapping[str, Any]) -> dict[str, Any]:
    """What a client that asked for a `quiet` answer gets."""
    kept = ("ok", "error", "message", "http_code", "assembly_id")
    return {name: document[name] for name in kept if name in document}
