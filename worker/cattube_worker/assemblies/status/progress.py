"""Progress of an assembly's jobs, and the phase they are in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from cattube_worker.assemblies.model import UNAWAITED, Job
from cattube_worker.instructions.plan import Node, Plan

# Storing takes little time beside encoding.
STORE_WEIGHT = 0.02
# Joining parts takes little time beside encoding them.
JOIN_SHARE = 0.02

ExecutionPhase = Literal["queued", "held", "processing", "storing", "improving"]


def progress_percent(plan: Plan, jobs: Sequence[Job]) -> int:
    """Percent of the work that is done, 0 to 99: only a final state is 100.

    Of the work that viewers wait for; once that is done, of the batch work.
    """
    is_improving = _only_batch_is_left(jobs)
    weights = {node.name: _weight(node) for node in plan.nodes if node.is_batch == is_improving}
    total = sum(weights.values())
    if total == 0:
        return 0
    done = sum(weight * _done([job for job in jobs if job.node == name]) for name, weight in weights.items())
    return min(99, int(100 * done / total))


def execution_phase(
    plan: Plan, jobs: Sequence[Job], *, queue_position: int | None, is_held: bool = False
) -> ExecutionPhase:
    """Phase of an executing assembly; it is storing while its open jobs are those of store steps.

    is_held: no host is there that would go on with what somebody waits for.
    """
    if _only_batch_is_left(jobs):
        return "improving"
    if is_held:
        return "held"
    stores = {node.name for node in plan.nodes if node.passes_through}
    awaited_jobs = [job for job in _open(jobs) if job.queue not in UNAWAITED]
    if awaited_jobs and all(job.node in stores for job in awaited_jobs):
        return "storing"
    return "processing" if queue_position is None else "queued"


def _only_batch_is_left(jobs: Sequence[Job]) -> bool:
    """True when jobs are open, and all of them are batch work."""
    open_jobs = _open(jobs)
    return bool(open_jobs) and all(job.queue in UNAWAITED for job in open_jobs)


def _open(jobs: Sequence[Job]) -> list[Job]:
    return [job for job in jobs if job.state in ("waiting", "running")]


def _weight(node: Node) -> float:
    return STORE_WEIGHT if node.passes_through else 1.0


def _done(jobs: Sequence[Job]) -> float:
    wholes = [job for job in jobs if job.part_of is None]
    if not wholes:
        return 0.0
    return sum(_share(job, [part for part in jobs if part.part_of == job.id]) for job in wholes) / len(wholes)


def _share(job: Job, parts: Sequence[Job]) -> float:
    """Share of a job that is done; of one in parts, that of their frames, and the join."""
    if job.state == "done":
        return 1.0
    frames = sum(_frames(part) for part in parts)
    if not frames:
        return job.progress
    encoded = sum(_frames(part) * _share(part, ()) for part in parts) / frames
    return encoded * (1 - JOIN_SHARE) + job.progress * JOIN_SHARE


def _frames(part: Job) -> int:
    return int((part.part or {}).get("frames", 0))
