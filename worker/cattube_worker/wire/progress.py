"""How much of an assembly's work is done, and what is being done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from cattube_worker.assemblies.model import Job
from cattube_worker.assemblies.plan import Node, Plan

# Storing takes next to nothing beside encoding.
STORE_WEIGHT = 0.02

ExecutionPhase = Literal["queued", "processing", "storing"]


def progress_percent(plan: Plan, jobs: Sequence[Job]) -> int:
    """From 0 to 99: the whole hundred is the final state's to claim."""
    weights = {node.name: _weight(node) for node in plan.nodes}
    total = sum(weights.values())
    if total == 0:
        return 0
    done = sum(weight * _done([job for job in jobs if job.node == name]) for name, weight in weights.items())
    return min(99, int(100 * done / total))


def execution_phase(plan: Plan, jobs: Sequence[Job], *, queue_position: int | None) -> ExecutionPhase:
    """What an executing assembly does; it stores once nothing else is left to do for its open jobs."""
    stores = {node.name for node in plan.nodes if node.passes_through}
    is_open = [job for job in jobs if job.state in ("waiting", "running")]
    if is_open and all(job.node in stores for job in is_open):
        return "storing"
    return "processing" if queue_position is None else "queued"


def _weight(node: Node) -> float:
    return STORE_WEIGHT if node.passes_through else 1.0


def _done(jobs: Sequence[Job]) -> float:
    if not jobs:
        return 0.0
    return sum(1.0 if job.state == "done" else job.progress for job in jobs) / len(jobs)
