"""Worker hosts that are not as they should be: of another version, with a full disk, or a wrong clock."""

from __future__ import annotations

import io
import subprocess
import tarfile
from contextlib import suppress
from errno import ENOSPC
from pathlib import Path

from e2e.site import ROOT

from campaign.hosts import Oddity
from campaign.scene import CannotStrike, Scene
from campaign.small_disk import can_mount

_MOST_DELAY_SECONDS = 3.0
_MIB = 2**20
_MIGRATIONS = "worker/cattube_worker/migrations/versions"


def older_version(scene: Scene) -> None:
    """The oldest code whose database is the present one takes the place of a worker, amid the work."""
    _replace(scene, Oddity(room=_older_room(scene.site.folder)))


def wrong_clock(scene: Scene) -> None:
    """A worker comes back with a clock that is an hour off."""
    ahead_seconds = scene.choose([3600, -3600])
    _replace(scene, Oddity(environment={"CAMPAIGN_CLOCK_AHEAD_SECONDS": str(ahead_seconds)}))


def full_disk(scene: Scene) -> None:
    """Something else fills the disk of a worker, and is removed some seconds later."""
    if not can_mount():
        raise CannotStrike("root, to mount a small disk")
    scene.send()
    scene.wait_at_random(_MOST_DELAY_SECONDS)
    ballast = scene.any_worker().folder / "ballast"
    _fill(ballast)
    scene.wait_at_random(8.0, least_seconds=1.0)
    ballast.unlink()


def _fill(ballast: Path) -> None:
    try:
        with ballast.open("wb", buffering=0) as file:
            while file.write(bytes(_MIB)):
                pass
    except OSError as error:
        if error.errno != ENOSPC:
            raise


def _replace(scene: Scene, oddity: Oddity) -> None:
    """Put an odd worker in the place of another amid a video, and have a second video made by both."""
    scene.send()
    scene.wait_at_random(_MOST_DELAY_SECONDS)
    worker = scene.any_worker()
    scene.choose([worker.kill, worker.stop])()
    scene.site.start_worker(worker.name, oddity)
    scene.site.wait_for_worker(worker.name)
    scene.send().wait_for_end()


def _older_room(folder: Path) -> Path:
    """The folder `worker` as it was when the newest migration came, by the name of an older version."""
    room = folder / "older" / "worker"
    if not room.exists():
        newest = max(path.name for path in (ROOT / _MIGRATIONS).glob("*.py"))
        added = ["log", "-1", "--diff-filter=A", "--format=%H", "--", f"{_MIGRATIONS}/{newest}"]
        commit = _git(*added).decode().strip()
        if not commit:
            raise CannotStrike("the history of this project, by git")
        with tarfile.open(fileobj=io.BytesIO(_git("archive", commit, "worker", "contract"))) as archive:
            archive.extractall(room.parent, filter="data")
        # A version is told apart by its number, which is only raised at a release.
        (room / "cattube_worker" / "version.py").write_text('VERSION = "0.0.1"\n')
    return room


def _git(*arguments: str) -> bytes:
    with suppress(OSError):
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=False).stdout
    return b""
