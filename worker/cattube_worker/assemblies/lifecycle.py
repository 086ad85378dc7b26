"""The one place where an assembly changes its state.

    uploading -> executing -> completed
        \\____________\\____-> canceled, failed

Each function works within the caller's transaction, so that files, jobs, state and the notification in the
outbox are committed together. A final state never changes.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.orm import Session

from cattube_worker.assemblies import deliveries, repository
from cattube_worker.assemblies.jobs import remakes
from cattube_worker.assemblies.model import (
    BATCH,
    CANCELED,
    COMPLETED,
    EXECUTING,
    FAILED,
    PROBE,
    SPEECH,
    UNAWAITED,
    WORK,
    Assembly,
    Job,
    Upload,
)
from cattube_worker.database import HOST
from cattube_worker.errors import AssemblyError
from cattube_worker.instructions.assembly_file import ORIGINAL_STEP, AssemblyFile
from cattube_worker.instructions.compile import read_instructions
from cattube_worker.instructions.plan import Node
from cattube_worker.instructions.schedule import JobFacts, is_finished, next_jobs

# Between jobs that are added together: their time of creation keeps them in the order of the plan.
PLACE_SECONDS = 1e-6
# In the details of a cancelled assembly, which no status shows.
CANCELED_BY_PAGE = "canceled_by_page"


def finish_upload(session: Session, assembly: Assembly, upload: Upload, *, now: float) -> None:
    """Record that all bytes of the upload arrived, add the job that probes it, and advance the assembly.

    A part of a file is not probed: it waits for the other parts.
    """
    if upload.finished_at is not None or assembly.is_final:
        return
    upload.finished_at = now
    if upload.is_part:
        return
    place = len(repository.jobs_of(session, assembly.id))
    # The bytes of the upload are on this host, which probes them.
    here: str | None = session.info[HOST]
    _add_job(session, assembly, ORIGINAL_STEP, (upload.id,), queue=PROBE, host=here, now=now, place=place)
    advance(session, assembly, now=now)


def advance(session: Session, assembly: Assembly, *, now: float) -> None:
    """Add the jobs that may start by now, and complete the assembly when none is left."""
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
    # Parts of a job are the business of that job.
    facts = [_facts(job) for job in jobs if job.node != ORIGINAL_STEP and job.part_of is None]
    open_queues = {job.queue for job in jobs if job.state in ("waiting", "running")}
    for place, job in enumerate(next_jobs(plan, files, facts), start=len(jobs)):
        # In plan order: a step that refuses the input does so before anything made of it is stored.
        queue = _queue_of(plan.node(job.node))
        is_new = not _has_begun(jobs)
        _add_job(session, assembly, job.node, job.input_ids, queue=queue, is_new=is_new, now=now, place=place)
        facts.append(JobFacts(node=job.node, input_ids=job.input_ids, state="waiting"))
        open_queues.add(queue)
    if is_finished(plan, files, facts):
        _end(session, assembly, COMPLETED, now=now)
    elif open_queues and open_queues.issubset(UNAWAITED):
        deliveries.tell_published(session, assembly, now=now)


def complete_job(
    session: Session, assembly: Assembly, job: Job, outputs: Sequence[AssemblyFile], *, now: float
) -> None:
    """Store the outputs of the job, and advance the assembly. Raises JobFailed."""
    job.state, job.progress, job.ended_at, job.lease_until = "done", 1.0, now, None
    for file in remakes.made_by(session, assembly, job, outputs):
        repository.save_file(session, assembly.id, file)
    advance(session, assembly, now=now)


def fail(session: Session, assembly: Assembly, error: AssemblyError, *, now: float) -> None:
    """End the assembly with `error`; its results so far stay."""
    if assembly.is_final:
        return
    assembly.error_code, assembly.error_message = error.code, str(error)
    step = {"step": error.step} if error.step else {}
    assembly.error_details = {"http_code": error.status, **step, **error.details}
    _end(session, assembly, FAILED, now=now)


def cancel(session: Session, assembly: Assembly, *, by_page: bool = False, now: float) -> None:
    """End the assembly at a client's request. by_page: of the page that uploads to it."""
    if not assembly.is_final:
        assembly.error_details = {CANCELED_BY_PAGE: True} if by_page else {}
        _end(session, assembly, CANCELED, now=now)


def is_canceled_by_page(assembly: Assembly) -> bool:
    """True when the page that uploads to the assembly cancelled it."""
    return assembly.state == CANCELED and CANCELED_BY_PAGE in assembly.error_details


def _uploading_ended(session: Session, assembly: Assembly, *, now: float) -> bool:
    if assembly.uploading_ended_at is not None:
        return True
    uploads = repository.uploads_of(session, assembly.id)
    if len(uploads) < assembly.expected_uploads or any(upload.finished_at is None for upload in uploads):
        return False
    assembly.state = EXECUTING
    assembly.uploading_ended_at = assembly.execution_started_at = now
    return True


def _start_imports(session: Session, assembly: Assembly, *, now: float) -> None:
    """Add the jobs of import steps, which need not wait for uploads."""
    plan = read_instructions(assembly.steps).plan
    imports = [node for node in plan.nodes if node.is_import]
    if not imports:
        return
    jobs = repository.jobs_of(session, assembly.id)
    started = {job.node for job in jobs}
    for place, node in enumerate(imports):
        if node.name not in started:
            queue, is_new = _queue_of(node), not _has_begun(jobs)
            _add_job(session, assembly, node.name, (), queue=queue, is_new=is_new, now=now, place=place)


def _end(session: Session, assembly: Assembly, state: str, *, now: float) -> None:
    assembly.state, assembly.ended_at, assembly.network = state, now, None
    # A worker that still runs one of these finds its lease gone, and drops its results. Who had it, stays.
    open_jobs = update(Job).where(Job.assembly_id == assembly.id, Job.state.in_(("waiting", "running")))
    session.execute(open_jobs.values(state="failed", ended_at=now, lease_until=None))
    if assembly.notify_url:
        url = assembly.notify_url
        deliveries.add_notification(session, assembly.id, url=url, place=0, due_at=now, now=now)


def _has_begun(jobs: Sequence[Job]) -> bool:
    """True when work that somebody waits for has begun."""
    return any(job.queue == WORK and job.state in ("running", "done") for job in jobs)


def _queue_of(node: Node) -> str:
    if node.recognises_speech:
        return SPEECH
    return BATCH if node.is_batch else WORK


def _add_job(
    session: Session,
    assembly: Assembly,
    node: str,
    input_ids: Sequence[str],
    *,
    queue: str,
    host: str | None = None,
    is_new: bool = True,
    now: float,
    place: int,
) -> None:
    session.add(
        Job(
            id=uuid.uuid4().hex,
            assembly_id=assembly.id,
            node=node,
            queue=queue,
            host=host,
            owner=assembly.owner or "",
            is_new=is_new,
            inputs=",".join(input_ids),
            state="waiting",
            created_at=now + place * PLACE_SECONDS,
            due_at=now,
        )
    )


def _facts(job: Job) -> JobFacts:
    # A row holds one of the four states only, which its column does not say.
    return JobFacts(node=job.node, input_ids=job.input_ids, state=job.state)  # type: ignore[arg-type]
