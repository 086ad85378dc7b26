"""Reading a file that grows: pauses are waited out, but not for ever."""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from cattube_worker.execution.streaming.growing_file import GrowingFile, NotStreamable, Stalled

CONTENT = bytes(range(256)) * 8


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "upload"
    path.touch()
    return path


@pytest.fixture
def stop() -> Event:
    return Event()


@pytest.fixture
def upload(path: Path, stop: Event) -> Iterator[GrowingFile]:
    with GrowingFile(path, size_bytes=len(CONTENT), stall_seconds=0.2, stop=stop) as upload:
        yield upload


def append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)


def test_blocks_come_in_order_as_soon_as_they_are_here(path: Path, upload: GrowingFile) -> None:
    append(path, CONTENT[:10])
    blocks = upload.blocks()
    assert next(blocks) == (0, CONTENT[:10])

    append(path, CONTENT[10:500])
    assert next(blocks) == (10, CONTENT[10:500])

    append(path, CONTENT[500:])
    assert list(blocks) == [(500, CONTENT[500:])]


def test_w99_it_tells_how_long_the_rest_will_take(path: Path, stop: Event) -> None:
    """W99: by what has come since it was opened."""
    path.write_bytes(b"1" * 40)
    with GrowingFile(path, size_bytes=100, stall_seconds=60, stop=stop) as upload:
        before = upload.seconds_left()
        append(path, b"2" * 30)
        halfway = upload.seconds_left()
        append(path, b"3" * 30)
        whole = upload.seconds_left()

    assert before == math.inf
    assert 0 < halfway < 60
    assert whole == 0


def test_reading_waits_for_all_that_was_asked(path: Path, upload: GrowingFile) -> None:
    later = threading.Timer(0.1, append, (path, CONTENT[3:]))
    append(path, CONTENT[:3])
    later.start()

    assert upload.read(0, 100) == CONTENT[:100]

    later.join()


def test_a_silence_that_is_too_long_ends_the_wait(path: Path, upload: GrowingFile) -> None:
    append(path, CONTENT[:3])

    with pytest.raises(Stalled):
        upload.read(0, 4)


def test_an_upload_that_was_given_up_is_not_waited_for(path: Path, upload: GrowingFile) -> None:
    path.unlink()

    with pytest.raises(NotStreamable, match="given up"):
        upload.read(0, 1)


def test_whoever_waits_can_be_told_to_stop(upload: GrowingFile, stop: Event) -> None:
    stop.set()

    with pytest.raises(NotStreamable, match="stop"):
        upload.read(0, 1)


def test_nothing_behind_the_announced_end_is_read(path: Path, upload: GrowingFile) -> None:
    append(path, CONTENT + b"more")

    with pytest.raises(NotStreamable):
        upload.read(len(CONTENT) - 1, 2)
    assert b"".join(block for _, block in upload.blocks()) == CONTENT


def test_bytes_that_were_taken_back_are_waited_for_anew(path: Path, upload: GrowingFile) -> None:
    append(path, CONTENT[:100])
    blocks = upload.blocks()
    next(blocks)

    os.truncate(path, 50)

    with pytest.raises(Stalled):
        next(blocks)
