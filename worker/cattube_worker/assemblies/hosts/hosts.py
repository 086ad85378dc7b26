"""Hosts as they report themselves: who is there, and what each runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import delete, extract, func, select
from sqlalchemy.orm import Session

from cattube_worker.assemblies.model import BY_URGENCY, Announcement, Host, Job

# The host that clients send to, and one that only works.
INGEST, WORKER = "ingest", "worker"
# A host that said nothing for so long is not there: it reports every few seconds.
SILENT_SECONDS = 15.0
# How long a host that is gone is still shown.
FORGOTTEN_SECONDS = 24 * 3600.0
# Seconds since the epoch by the database's clock.
_NOW = {
    "sqlite": (func.julianday("now") - 2440587.5) * 86400.0,
    "postgresql": extract("epoch", func.clock_timestamp()),
}


@dataclass(frozen=True)
class RunningFact:
    """A job, or a streaming encode, that a host runs. progress: from 0 to 1. node: of the plan."""

    assembly_id: str
    node: str
    progress: float


@dataclass(frozen=True, kw_only=True)
class HostFacts:
    """A host. seen_at, started_at: by the database's clock. is_present: it reported a moment ago.

    takes_jobs: also those that any host may run. An ingest host may leave these to worker hosts.
    clock_offset_seconds: how far its clock is ahead of the database's. ffmpeg_version: None where none works.
    """

    name: str
    role: str
    version: str
    started_at: float
    seen_at: float
    is_present: bool
    clock_offset_seconds: float
    ffmpeg_version: str | None
    missing_encoders: tuple[str, ...]
    takes_jobs: bool
    running: tuple[RunningFact, ...]


def database_now(session: Session) -> float:
    """The time by the clock of the database, which all hosts share."""
    return float(session.scalar(select(_NOW[session.get_bind().dialect.name])) or 0.0)


def hosts_of(session: Session) -> list[HostFacts]:
    """All hosts, by name; none on a site of one machine."""
    now = database_now(session)
    return [_facts(row, now) for row in session.scalars(select(Host).order_by(Host.name))]


def present_names(session: Session) -> set[str]:
    """Names of the hosts that are there now."""
    return {host.name for host in hosts_of(session) if host.is_present}


def all_have(session: Session, version: str) -> bool:
    """True when each host that is there now runs that release; also on a site of one machine."""
    return all(host.version == version for host in hosts_of(session) if host.is_present)


def worker_names(session: Session) -> Sequence[str]:
    """Names of the worker hosts, also of those that are silent."""
    return session.scalars(select(Host.name).filter_by(role=WORKER).order_by(Host.name)).all()


def any_takes_jobs(session: Session) -> bool:
    """True when a host is there that takes jobs which any may run."""
    is_there = Host.seen_at >= _NOW[session.get_bind().dialect.name] - SILENT_SECONDS
    return session.scalar(select(Host.name).where(Host.takes_jobs, is_there).limit(1)) is not None


def free_workers(session: Session, *, but: str, queue: str) -> int:
    """How many worker hosts beside that of the name `but` have nothing to do but what gives way to `queue`.

    0 while any host has another release or another ffmpeg: it may not know of parts, and what it encodes
    could not be joined.
    """
    present = [host for host in hosts_of(session) if host.is_present]
    own = next((host for host in present if host.name == but), None)
    if own is None or len({(host.version, host.ffmpeg_version) for host in present}) > 1:
        return 0
    others = [host for host in present if host.role == WORKER and host.name != but]
    giving_way = _giving_way(session, queue) if any(host.running for host in others) else set()
    return sum(all((fact.assembly_id, fact.node) in giving_way for fact in host.running) for host in others)


def silent_seconds(session: Session, name: str) -> float:
    """For how long the host has said nothing; 0 of one that is there, and of one that is not known."""
    row, now = session.get(Host, name), database_now(session)
    return 0.0 if row is None or _is_present(row, now) else now - row.seen_at


def check_in(
    session: Session,
    *,
    name: str,
    role: str,
    version: str,
    started_at: float,
    clock_offset_seconds: float,
    ffmpeg_version: str | None,
    missing_encoders: Sequence[str],
    takes_jobs: bool = True,
    running: Sequence[RunningFact],
) -> None:
    """Write down that the host is there, and forget those that have been gone for long."""
    now = database_now(session)
    session.merge(
        Host(
            name=name,
            role=role,
            version=version,
            started_at=started_at,
            seen_at=now,
            clock_offset_seconds=clock_offset_seconds,
            ffmpeg_version=ffmpeg_version,
            missing_encoders=list(missing_encoders),
            takes_jobs=takes_jobs,
            running=[asdict(fact) for fact in running],
        )
    )
    session.execute(delete(Host).where(Host.seen_at < now - FORGOTTEN_SECONDS))


def is_taken(session: Session, name: str, *, role: str) -> bool:
    """True when a host of the other role has that name now."""
    row = session.get(Host, name)
    return row is not None and row.role != role and _is_present(row, database_now(session))


def leave(session: Session, name: str) -> None:
    """Forget the host, which ends in peace."""
    session.execute(delete(Host).where(Host.name == name))


def any_known(session: Session) -> bool:
    """Tell if there is a host, or anything that hosts were to be told."""
    return any(
        session.scalar(select(column).limit(1)) is not None for column in (Host.name, Announcement.number)
    )


def forget_all(session: Session) -> None:
    """Forget all hosts, and what they were to be told: the site is one of one machine again."""
    session.execute(delete(Host))
    session.execute(delete(Announcement))


def _giving_way(session: Session, queue: str) -> set[tuple[str, str]]:
    """Assembly and node of the jobs that run in less urgent queues.

    Their rows tell, as no more may stand in those of hosts than what older releases read.
    """
    less_urgent = BY_URGENCY[BY_URGENCY.index(queue) + 1 :]
    jobs = select(Job.assembly_id, Job.node).where(Job.queue.in_(less_urgent), Job.state == "running")
    return {(assembly_id, node) for assembly_id, node in session.execute(jobs)}


def _facts(row: Host, now: float) -> HostFacts:
    return HostFacts(
        name=row.name,
        role=row.role,
        version=row.version,
        started_at=row.started_at,
        seen_at=row.seen_at,
        is_present=_is_present(row, now),
        clock_offset_seconds=row.clock_offset_seconds,
        ffmpeg_version=row.ffmpeg_version,
        missing_encoders=tuple(row.missing_encoders),
        takes_jobs=row.takes_jobs,
        running=tuple(RunningFact(**fact) for fact in row.running),
    )


def _is_present(row: Host, now: float) -> bool:
    return row.seen_at >= now - SILENT_SECONDS
