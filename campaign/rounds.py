"""One round: a fault falls on a site that is at work; then all is mended, and the invariants must hold."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from subprocess import TimeoutExpired

import httpx

from campaign.checks import logs, records, rest, results
from campaign.clips import Clips
from campaign.faults import FAULTS
from campaign.outcome import Outcome
from campaign.scene import CannotStrike, MomentMissed, Scene
from campaign.site import Site
from campaign.waiting import WaitedInVain, wait_for

REST_SECONDS = 60.0
# It asks all servers.
_REST_POLL_SECONDS = 0.7


def run_round(site: Site, clips: Clips, *, fault: str, seed: int) -> Outcome:
    """The outcome of one round. Everything that chance decides follows from the seed."""
    scene, start = Scene(site, Random(seed), clips), time.monotonic()
    log_bytes = logs.lengths(site)
    was_hit, breaches = False, []
    try:
        was_hit = _strikes(fault, scene)
        site.heal()
        for video in scene.videos:
            video.wait_for_end()
        breaches = [*_breaches(scene), *logs.breaches(site, scene.videos, log_bytes)]
    except CannotStrike as error:
        return Outcome(fault, seed, cannot=str(error))
    except (WaitedInVain, TimeoutExpired, httpx.HTTPError) as error:
        breaches = [str(error) or type(error).__name__]
    return Outcome(fault, seed, was_hit, tuple(breaches), time.monotonic() - start)


def keep_logs(site: Site, outcome: Outcome, folder: Path) -> None:
    """Copy what the hosts said to `folder`, for whoever looks into it."""
    target = folder / f"{outcome.fault}-{outcome.seed}"
    target.mkdir(parents=True, exist_ok=True)
    (target / "breaches").write_text("\n".join(outcome.breaches) + "\n")
    for host in site.hosts:
        shutil.copy(host.log, target)


def _strikes(fault: str, scene: Scene) -> bool:
    """Let the fault fall, and tell if it found its moment."""
    try:
        FAULTS[fault](scene)
    except MomentMissed:
        return False
    return True


def _breaches(scene: Scene) -> Iterator[str]:
    try:
        wait_for(
            "rest",
            lambda: not any(rest.breaches(scene.site)),
            seconds=REST_SECONDS,
            poll_seconds=_REST_POLL_SECONDS,
        )
    except WaitedInVain:
        yield from rest.breaches(scene.site)
    for video in scene.videos:
        yield from results.breaches(scene.site, video)
        yield from records.breaches(scene.site, video)
