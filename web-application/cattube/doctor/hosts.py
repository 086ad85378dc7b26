"""Check of the hosts that work for our engine: there, of one version, on time, with a whole ffmpeg."""

from __future__ import annotations

from collections.abc import Iterator

from cattube.doctor.finding import Finding, failed, ok, skipped, warning
from cattube.processing.transloadit.account import engine_account
from cattube.processing.transloadit.addresses import internal_address, is_hosted
from cattube.processing.transloadit.client import EngineUnreachable, engine_client
from cattube.processing.transloadit.hosts import EngineLoad, Host, read_load

HOSTS = "Hosts"
# Leases and signed links allow for a little; what is longer ends jobs too early, or not at all.
MOST_OFFSET_SECONDS = 5.0


def load_of_engine() -> EngineLoad | None:
    """Load of the engine of the settings; None if it does not tell. Raises EngineUnreachable."""
    return None if is_hosted(internal_address()) else read_load(engine_client(), engine_account())


def check_hosts_of_engine() -> Iterator[Finding]:
    """Findings about the hosts of the engine of the settings."""
    try:
        load = load_of_engine()
    except EngineUnreachable as error:
        yield skipped(HOSTS, f"The engine does not tell them: {error}.")
        return
    yield from check_hosts(load)


def check_hosts(load: EngineLoad | None) -> Iterator[Finding]:
    """Findings about each host that needs something; one if none does.

    load: None if the engine does not tell.
    """
    if load is None or not load.hosts:
        yield skipped(HOSTS, "The engine does all work by itself; it has no other hosts.")
        return
    findings = [finding for host in load.hosts for finding in _findings(host, load.version)]
    yield from findings
    if not findings:
        names = ", ".join(host.name for host in load.hosts)
        yield ok(HOSTS, f"All hosts are well: {names}.")


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
