"""The one place where an assembly changes its state.

    uploading -> executing -> completed
        \\____________\\____-> canceled, failed

Each function works within the caller's transaction, so that files, jobs, state and the notification in the
outbox become true together. A final state never changes.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.orm import Session

from cattube_worker.assemblies import deliveries, repository
from cattube_worker.assemblies.model import (
    BATCH,
    CANCELED,
    COMPLETED,
    EXECUTING,
    FAILED,
    PROBE,
    WORK,
    Assembly,
    Job,
    Upload,
)
from cattube_worker.errors import AssemblyError
from cattube_worker.instructions.assembly_file import ORIGINAL_STEP, AssemblyFile
from cattube_worker.instructions.compile import read_instructions
from cattube_worker.instructions.plan import Node
from cattube_worker.instructions.schedule import JobFacts, is_finished, next_jobs

PLACE_SECONDS = 1e-6


def finish_upload(session: Session, assembly: Assembly, upload: Upload, *, now: float) -> None:
    """All bytes of `upload` are here: have it looked at, and go on if it was the last one.

    A part of a file only waits for the others.
    """
    if upload.finished_at is not None or assembly.is_final:
        return
    upload.finished_at = now
    if upload.is_part:
        return
    place = len(repository.jobs_of(session, assembly.id))
    _add_job(session, assembly, ORIGINAL_STEP, (upload.id,), queue=PROBE, now=now, place=place)
    advance(session, assembly, now=now)


def advance(session: Session, assembly: Assembly, *, now: float) -> None:
    """Start whatever may start by now, and complete the assembly when nothing is left."""
    session.flush()
    if assembly.is_final:
        return
    if not _uploading_ended(session, assembly, now=now):
        _start_imports(session, assembly, now=now)
        return
    jobs = repository.jobs_of(session, assembly.id)
    if any(job.node == ORIGINAL_STEP and job.state != "done" for job in jobs):
        return
    plan = read_instructions(assembly.steps).plan
    files = repository.files_of(session, assembly.id)
    facts = [_facts(job) for job in jobs if job.node != ORIGINAL_STEP]
    for place, new in enumerate(next_jobs(plan, files, facts), start=len(jobs)):
        # Run in plan order: what fails on the input fails before anything of it is stored.
        queue = _queue_of(plan.node(new.node))
        _add_job(session, assembly, new.node, new.input_ids, queue=queue, now=now, place=place)
        facts.append(JobFacts(node=new.node, input_ids=new.input_ids, state="waiting"))
    if is_finished(plan, files, facts):
        _end(session, assembly, COMPLETED, now=now)


def complete_job(
    session: Session, assembly: Assembly, job: Job, outputs: Sequence[AssemblyFile], *, now: float
) -> None:
    """Keep what `job` made, and go on."""
    job.state, job.progress, job.ended_at, job.lease_until = "done", 1.0, now, None
    for file in outputs:
        repository.save_file(session, assembly.id, file)
    advance(session, assembly, now=now)


def fail(session: Session, assembly: Assembly, error: AssemblyError, *, now: float) -> None:
    """End the assembly by `error`; results so far stay."""
    if assembly.is_final:
        return
    assembly.error_code, assembly.error_message = error.code, str(error)
    step = {"step": error.step} if error.step else {}
    assembly.error_details = {"http_code": error.status, **step, **error.details}
    _end(session, assembly, FAILED, now=now)


def cancel(session: Session, assembly: Assembly, *, now: float) -> None:
    """End the assembly because a client wants it so."""
    if not assembly.is_final:
        _end(session, assembly, CANCELED, now=now)


def _uploading_ended(session: Session, assembly: Assembly, *, now: float) -> bool:
    if assembly.uploading_ended_at is not None:
        return True
    uploads = repository.uploads_of(session, assembly.id)
    if len(uploads) < assembly.expected_uploads or any(each.finished_at is None for each in uploads):
        return False
    assembly.state = EXECUTING
    assembly.uploading_ended_at = assembly.execution_started_at = now
    return True


def _start_imports(session: Session, assembly: Assembly, *, now: float) -> None:
    """What is fetched from elsewhere need not wait for what people still send."""
    plan = read_instructions(assembly.steps).plan
    imports = [node for node in plan.nodes if node.is_import]
    if not imports:
        return
    known = {job.node for job in repository.jobs_of(session, assembly.id)}
    for place, node in enumerate(imports):
        if node.name not in known:
            _add_job(session, assembly, node.name, (), queue=_queue_of(node), now=now, place=place)


def _end(session: Session, assembly: Assembly, state: str, *, now: float) -> None:
    assembly.state, assembly.ended_at = state, now
    # Whoever still runs one of these finds its claim gone, and drops what it made.
    open_jobs = update(Job).where(Job.assembly_id == assembly.id, Job.state.in_(("waiting", "running")))
    session.execute(open_jobs.values(state="failed", ended_at=now, lease_owner=None, lease_until=None))
    if assembly.notify_url:
        url = assembly.notify_url
        deliveries.add_notification(session, assembly.id, url=url, place=0, due_at=now, now=now)


def _queue_of(node: Node) -> str:
    return BATCH if node.is_batch else WORK


def _add_job(
    session: Session,
    assembly: Assembly,
    node: str,
    input_ids: Sequence[str],
    *,
    queue: str,
    now: float,
    place: int,
) -> None:
    session.add(
        Job(
            id=uuid.uuid4().hex,
            assembly_id=assembly.id,
            node=node,
            queue=queue,
            inputs=",".join(input_ids),
            state="waiting",
            created_at=now + place * PLACE_SECONDS,
            due_at=now,
        )
    )


def _facts(job: Job) -> JobFacts:
    # A row holds one of the four states only; the type says so for the planner's sake.
    return JobFacts(node=job.node, input_ids=job.input_ids, state=job.state)  # type: ignore[arg-type]
