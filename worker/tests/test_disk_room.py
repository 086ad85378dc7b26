"""The reserve on the disk, and what is told when only that is left."""

from __future__ import annotations

import shutil
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

import pytest

from cattube_worker.disk_room import CHECK_BYTES, DiskRoom
from cattube_worker.errors import DiskFull

GIB = 2**30


class Usage(NamedTuple):
    free: int


@pytest.fixture
def disks(monkeypatch: pytest.MonkeyPatch) -> dict[Path, int]:
    """The free bytes of the disk that each folder lies on."""
    free_bytes = {Path("/data"): 10 * GIB, Path("/tmp"): 20 * GIB}
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(free_bytes[folder]))
    return free_bytes


@pytest.mark.parametrize(
    ("size_gib", "announced_gib", "fits"),
    [(9, 0, True), (9.1, 0, False), (5, 4, True), (5, 5, False), (0, 0, True), (0, 9, True)],
)
def test_m35_reserve_and_what_was_announced_are_left_free(
    disks: dict[Path, int], size_gib: float, announced_gib: int, fits: bool
) -> None:
    room = DiskRoom(disks, reserve_bytes=GIB)

    with nullcontext() if fits else pytest.raises(DiskFull, match="there is room for"):
        room.check(int(size_gib * GIB), announced_bytes=announced_gib * GIB)


def test_refusal_tells_how_much_is_needed_and_how_much_there_is(disks: dict[Path, int]) -> None:
    with pytest.raises(DiskFull, match=r"it needs 9\.5 GiB, and there is room for 9 GiB"):
        DiskRoom(disks, reserve_bytes=GIB).check(int(9.5 * GIB))


def test_fullest_of_the_disks_counts(disks: dict[Path, int]) -> None:
    room = DiskRoom(disks, reserve_bytes=GIB)
    disks[Path("/tmp")] = GIB - 1

    assert room.left_bytes == -1
    with pytest.raises(DiskFull, match="full but for its reserve"):
        room.check()


def test_m36_every_writer_stops_once_the_reserve_is_touched(disks: dict[Path, int]) -> None:
    room = DiskRoom(disks, reserve_bytes=GIB)
    disks[Path("/data")] = GIB - 1
    room.note_written(CHECK_BYTES - 1)

    for _ in range(3):
        with pytest.raises(DiskFull):
            room.note_written(1)
    disks[Path("/data")] = GIB
    room.note_written(1)
