"""Check of the hosts that work for our engine: there, of one version, on time, with a whole ffmpeg.

And of what tells them of jobs: one that nobody is told of, or that nobody takes, waits without a word.
"""

from __future__ import annotations

from collections.abc import Iterator

from cattube.doctor.finding import Finding, failed, ok, skipped, warning
from cattube.doctor.waiting import check_waiting
from cattube.processing.transloadit.account import engine_account
from cattube.processing.transloadit.addresses import internal_address, is_hosted
from cattube.processing.transloadit.client import EngineUnreachable, engine_client
from cattube.processing.transloadit.hosts import EngineLoad, Host, read_load

HOSTS, BROKER = "Hosts", "Broker"
# Leases and signed links allow for a little; what is longer ends jobs too early, or not at all.
MOST_OFFSET_SECONDS = 5.0
# The queue of what the engine itself does where an upload is.
PROBES = "probe"


def load_of_engine() -> EngineLoad | None:
    """Load of the engine of the settings; None if it does not tell. Raises EngineUnreachable."""
    return None if is_hosted(internal_address()) else read_load(engine_client(), engine_account())


def check_hosts_of_engine() -> Iterator[Finding]:
    """Findings about the hosts of the engine of the settings, and about what waits for them."""
    try:
        load = load_of_engine()
    except EngineUnreachable as error:
        yield skipped(HOSTS, f"The engine does not tell them: {error}.")
        return
    yield from check_load(load)


def check_load(load: EngineLoad | None) -> Iterator[Finding]:
    """Findings about hosts and queues. load: None if the engine does not tell."""
    yield from check_hosts(load)
    yield from check_waiting(load)


def check_hosts(load: EngineLoad | None) -> Iterator[Finding]:
    """Findings about each host that needs something; one if none does.

    load: None if the engine does not tell.
    """
    if load is None or not load.hosts:
        yield skipped(HOSTS, "The engine does all work by itself; it has no other hosts.")
        return
    findings = [
        *_broker_findings(load),
        *_taker_findings(load),
        *_ffmpeg_versions_findings(load),
        *(finding for host in load.hosts for finding in _findings(host, load.version)),
    ]
    yield from findings
    if not findings:
        names = ", ".join(host.name for host in load.hosts)
        yield ok(HOSTS, f"All hosts are well: {names}.")


def _broker_findings(load: EngineLoad) -> Iterator[Finding]:
    if load.broker_problem:
        yield failed(
            BROKER,
            f"Worker hosts are not told of jobs, for the broker of the engine cannot be used: "
            f"{load.broker_problem}.",
            "Start RabbitMQ, or correct BROKER_URL of the engine. No job is lost; all are announced then.",
        )


def _taker_findings(load: EngineLoad) -> Iterator[Finding]:
    """A finding if no host is there that takes jobs which any may run."""
    if any(host.is_present and host.takes_jobs for host in load.hosts):
        return
    names = ", ".join(host.name for host in load.hosts if not host.takes_jobs)
    waiting = sum(queue.waiting for queue in load.queues if queue.name != PROBES)
    yield failed(
        HOSTS,
        f"No host is there that takes jobs: {names or 'the engine'} leaves them to worker hosts, and there "
        f"is none. {waiting} jobs wait, until one comes.",
        "Start a worker host (run `make worker` there), or set JOB_THREADS=1 for the engine and start it "
        "again.",
    )


def _ffmpeg_versions_findings(load: EngineLoad) -> Iterator[Finding]:
    """A finding if hosts have different versions: parts that one encodes do not fit those of another."""
    versions = sorted({host.ffmpeg_version for host in load.hosts if host.is_present and host.ffmpeg_version})
    if len(versions) < 2:
        return
    yield warning(
        HOSTS,
        f"They have different versions of ffmpeg ({', '.join(versions)}), so no long video is encoded in "
        "parts.",
        "Install the same one on all hosts, the engine's own included, and start them again.",
    )


def _findings(host: Host, version: str) -> Iterator[Finding]:
    name = f"Host {host.name}"
    if not host.is_present:
        yield warning(
            name,
            f"It has not reported since {host.seen_at:%Y-%m-%d %H:%M:%S} UTC; others do its jobs.",
            "Start it again, or look at its log and its way to the database. If it is gone for good, do "
            "nothing: it leaves this list after a day.",
        )
        return
    if host.version != version:
        yield warning(
            name,
            f"It runs CatTube {host.version}, and the engine {version}.",
            "Bring it to the same version. One version apart may work side by side while you upgrade.",
        )
    if abs(host.clock_offset_seconds) > MOST_OFFSET_SECONDS:
        direction = "ahead of" if host.clock_offset_seconds > 0 else "behind"
        yield failed(
            name,
            f"Its clock is {abs(host.clock_offset_seconds):.0f} s {direction} that of the database.",
            "Have its clock kept right by NTP (Debian: apt install systemd-timesyncd).",
        )
    yield from _ffmpeg_findings(name, host)


def _ffmpeg_findings(name: str, host: Host) -> Iterator[Finding]:
    fix = "Install ffmpeg 5.1 or newer there (Debian: apt install ffmpeg), and start the host again."
    if not host.ffmpeg_version:
        yield failed(name, "It has no ffmpeg that works.", fix)
    elif host.missing_encoders:
        missing = ", ".join(host.missing_encoders)
        yield failed(name, f"Its ffmpeg {host.ffmpeg_version} lacks: {missing}.", fix)
