"""Writing an upload to a program, whatever the program does."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from cattube_worker.execution.streaming.growing_file import GrowingFile, NotStreamable, Stalled
from cattube_worker.execution.streaming.pipe_writer import PipeWriter
from cattube_worker.execution.streaming.stream_layout import StreamLayout

# More than any pipe holds.
CONTENT = os.urandom(3 * 2**20)
LAYOUT = StreamLayout("matroska", 10)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "upload"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def stop() -> Event:
    return Event()


@pytest.fixture
def upload(path: Path, stop: Event) -> Iterator[GrowingFile]:
    with GrowingFile(path, size_bytes=len(CONTENT), stall_seconds=0.2, stop=stop) as upload:
        yield upload


def test_a_program_gets_every_byte_and_their_digest_is_known(upload: GrowingFile, stop: Event) -> None:
    with PipeWriter(upload, LAYOUT, stop) as writer, os.fdopen(writer.take_stdin(), "rb") as stdin:
        assert stdin.read() == CONTENT

    assert writer.md5hash() == hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()
    assert not stop.is_set()


def test_a_program_that_stops_reading_has_not_seen_the_whole(upload: GrowingFile, stop: Event) -> None:
    with PipeWriter(upload, LAYOUT, stop) as writer, os.fdopen(writer.take_stdin(), "rb") as stdin:
        stdin.read(1000)

    with pytest.raises(NotStreamable, match="stopped reading"):
        writer.md5hash()


def test_a_program_is_stopped_before_it_could_take_a_dead_upload_for_whole(
    path: Path, upload: GrowingFile, stop: Event
) -> None:
    os.truncate(path, 1000)

    with PipeWriter(upload, LAYOUT, stop) as writer:
        stdin = writer.take_stdin()
        assert os.read(stdin, 1000) == CONTENT[:1000]
        assert stop.wait(120)
        os.set_blocking(stdin, False)
        with pytest.raises(BlockingIOError):  # It would wait on: there is no end.
            os.read(stdin, 1)
        os.close(stdin)

    assert isinstance(writer.failure, Stalled)
    with pytest.raises(Stalled):
        writer.md5hash()


def test_a_program_that_never_started_keeps_nobody_waiting(upload: GrowingFile, stop: Event) -> None:
    def fail_to_start() -> None:
        with PipeWriter(upload, LAYOUT, stop):
            raise OSError("no such program")

    with pytest.raises(OSError, match="no such program"):
        fail_to_start()

    assert stop.is_set()
