"""Check of the engine's queues: how long the job has waited that waits longest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cattube.doctor.finding import Finding, ok, warning
from cattube.processing.transloadit.hosts import EngineLoad, Queue


@dataclass(frozen=True)
class _Patience:
    """How long people put up with waiting in a queue. jobs: what waits there. fix: what to do beyond that."""

    seconds: float
    jobs: str
    fix: str


# The others are of what nobody waits for: videos that play already get their qualities and captions there.
PATIENCE = {
    "probe": _Patience(
        60.0,
        "uploads wait to be looked at",
        "Look at the log of the engine, and whether its machine has anything left for it.",
    ),
    "work": _Patience(
        900.0,
        "jobs of videos that cannot be watched yet wait",
        "Add a worker host if that comes often (docs/scaling.md), or wait. If nothing is at work, look at "
        "the logs of the hosts.",
    ),
}


def check_waiting(load: EngineLoad | None) -> Iterator[Finding]:
    """Findings about each queue in which people wait for too long; one if there is none.

    load: None if the engine does not tell.
    """
    if load is None:
        return
    problems = [problem for queue in load.queues for problem in _problems(queue)]
    yield from problems
    if not problems:
        yield ok("Waiting jobs", "No job waits for longer than people put up with.")


def _problems(queue: Queue) -> Iterator[Finding]:
    patience = PATIENCE.get(queue.name)
    if patience is None or not queue.waiting or queue.oldest_seconds <= patience.seconds:
        return
    yield warning(
        f"Queue {queue.name}",
        f"{queue.waiting} {patience.jobs}, the first for {queue.oldest_seconds / 60:.0f} minutes; "
        f"{queue.running} at work.",
        patience.fix,
    )
