"""Execution of an assembly as its status shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cattube_worker.assemblies.model import EXECUTING, Job
from cattube_worker.assemblies.repository import Snapshot
from cattube_worker.assemblies.status.progress import execution_phase, progress_percent
from cattube_worker.instructions.assembly_file import ORIGINAL_STEP
from cattube_worker.instructions.compile import Instructions
from cattube_worker.protocol.dates import optional_status_date, seconds_between


def execution_facts(snapshot: Snapshot, instructions: Instructions) -> dict[str, Any]:
    """The keys of the status that say what is done, what is being done, and which errors were ignored."""
    assembly, all_jobs = snapshot.assembly, [job for job in snapshot.jobs if job.node != ORIGINAL_STEP]
    # Of a job in parts, clients see the whole.
    jobs = [job for job in all_jobs if job.part_of is None]
    last = max((job.ended_at for job in jobs if job.ended_at and job.state == "done"), default=None)
    running = _job_names(snapshot, instructions, [job for job in jobs if _is_under_way(job)])
    facts: dict[str, Any] = {
        "execution_start": optional_status_date(assembly.execution_started_at),
        "execution_duration": seconds_between(assembly.execution_started_at, assembly.ended_at),
        "queue_duration": 0,
        "jobs_queue_duration": 0,
        "last_job_completed": optional_status_date(last),
        "running_jobs": running,
        "executing_jobs": running,
        "started_jobs": _job_names(snapshot, instructions, [job for job in jobs if job.attempt > 0]),
    }
    if assembly.state == EXECUTING:
        # Not in Transloadit's document, where Uppy fills it from the event stream; the site reads it here.
        facts["progress_combined"] = progress_percent(instructions.plan, all_jobs)
        facts.update(_phase(snapshot, instructions, jobs))
    if assembly.ignored_errors:
        facts["ignored_errors"] = assembly.ignored_errors
        facts["ignored_error_count"] = len(assembly.ignored_errors)
    return facts


def _phase(snapshot: Snapshot, instructions: Instructions, jobs: Sequence[Job]) -> dict[str, Any]:
    """The phase, and the place in the queue while it waits: keys that Transloadit does not have."""
    position = snapshot.queue_position
    phase = execution_phase(instructions.plan, jobs, queue_position=position, is_held=snapshot.is_held)
    return {"execution_phase": phase, **({"queue_position": position} if phase == "queued" else {})}


def _is_under_way(job: Job) -> bool:
    """True for a job that runs, and for one whose parts wait to be joined."""
    return job.state == "running" or (job.state == "waiting" and job.part is not None)


def _job_names(snapshot: Snapshot, instructions: Instructions, jobs: Sequence[Job]) -> list[str]:
    """Jobs as "step::step of the input", one for each step of their nodes."""
    step_of = {file.id: file.step for file in snapshot.files}
    return [
        f"{step.name}::{step_of.get(job.input_ids[0], ORIGINAL_STEP) if job.input_ids else ORIGINAL_STEP}"
        for job in jobs
        for step in instructions.plan.node(job.node).steps
    ]
