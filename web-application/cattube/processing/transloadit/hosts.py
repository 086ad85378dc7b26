"""Hosts that work for our engine, and its queues, as it tells them.

Hosted Transloadit and older engines tell nothing of that kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from cattube.processing.transloadit.account import Account
from cattube.processing.transloadit.client import EngineClient, EngineUnreachable


@dataclass(frozen=True)
class RunningJob:
    """A job, or an encode of what is still uploaded. step: of the template. percent: of it that is done."""

    assembly_id: str
    step: str
    percent: int


@dataclass(frozen=True, kw_only=True)
class Host:
    """A host. is_present: it reported a moment ago.

    takes_jobs: also those that any host may run. clock_offset_seconds: how far its clock is ahead of the
    database's. ffmpeg_version: "" where none works.
    """

    name: str
    role: str
    version: str
    seen_at: datetime
    is_present: bool
    clock_offset_seconds: float
    ffmpeg_version: str
    missing_encoders: tuple[str, ...]
    takes_jobs: bool = True
    running: tuple[RunningJob, ...]


@dataclass(frozen=True)
class Queue:
    """Jobs of one queue. oldest_seconds: how long the one that waits longest has been due."""

    name: str
    waiting: int
    running: int
    oldest_seconds: float


@dataclass(frozen=True)
class EngineLoad:
    """What an engine does at the moment. version: its own. hosts: none on a site of one machine.

    running: what that machine runs. broker_problem: why hosts are not told of jobs; "" while they are.
    """

    version: str
    hosts: tuple[Host, ...]
    queues: tuple[Queue, ...]
    running: tuple[RunningJob, ...] = ()
    broker_problem: str = ""


def read_load(engine: EngineClient, account: Account) -> EngineLoad | None:
    """Load of the engine; None if it does not tell. Raises EngineUnreachable."""
    http_status, answer = engine.request("GET", "/hosts", fields=account.signed_request(timezone.now()))
    if http_status == 404:
        return None
    if http_status != 200:
        raise EngineUnreachable(f"HTTP {http_status} {answer.get('error', '')}")
    try:
        return EngineLoad(
            version=str(answer["version"]),
            hosts=tuple(_host(entry) for entry in answer["hosts"]),
            queues=tuple(_queue(entry) for entry in answer["queues"]),
            running=_running(answer.get("running") or ()),
            broker_problem=str(answer.get("broker") or ""),
        )
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise EngineUnreachable("The list of its hosts cannot be read") from error


def _host(entry: dict[str, Any]) -> Host:
    return Host(
        name=str(entry["name"]),
        role=str(entry["role"]),
        version=str(entry["version"]),
        seen_at=datetime.fromtimestamp(entry["seen_at"], UTC),
        is_present=bool(entry["is_present"]),
        clock_offset_seconds=float(entry["clock_offset_seconds"]),
        ffmpeg_version=str(entry["ffmpeg_version"] or ""),
        missing_encoders=tuple(map(str, entry["missing_encoders"])),
        takes_jobs=bool(entry.get("takes_jobs", True)),
        running=_running(entry["running"]),
    )


def _running(jobs: Iterable[dict[str, Any]]) -> tuple[RunningJob, ...]:
    return tuple(
        RunningJob(str(job["assembly_id"]), str(job["node"]), round(100 * job["progress"])) for job in jobs
    )


def _queue(entry: dict[str, Any]) -> Queue:
    numbers = (int(entry["waiting"]), int(entry["running"]), float(entry["oldest_seconds"]))
    return Queue(str(entry["queue"]), *numbers)
