"""Uploads that arrive piece by piece while they are encoded."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from cattube_worker.execution.steps import frame_process
from cattube_worker.execution.streaming import streaming_encodes
from cattube_worker.media.encode import render

from ...conftest import TestEngine, open_test_engine
from ...ffmpeg.conftest import clip, ffmpeg

__all__ = ["clip"]  # the clips of the other tests with ffmpeg, for those here

TEMPLATE = Path(__file__).parents[4] / "contract" / "templates" / "cattube.json"
STEPS: dict[str, Any] = json.loads(TEMPLATE.read_text())["steps"]

# Larger than the smallest upload that is encoded early.
_PICTURE = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=2,noise=alls=40:allf=t"]
_SOUND = ["-f", "lavfi", "-i", "sine=f=440:r=48000:d=2"]
_CODED = ["-c:v", "libx264", "-preset", "ultrafast", "-qp", "4", "-pix_fmt", "yuv420p", "-c:a", "aac"]
_FRAGMENTS = ["-g", "10", "-movflags", "frag_keyframe+empty_moov"]
_ENDINGS = {
    "index-last.mp4": [],
    "index-first.mp4": ["-movflags", "+faststart"],
    "camera.mov": [],
    "film.mkv": [],
    "fragments.mp4": _FRAGMENTS,
}

Movie = Callable[[str], bytes]


@pytest.fixture(scope="session")
def movie(tmp_path_factory: pytest.TempPathFactory) -> Movie:
    """The movie of that name, made when it is asked for first."""
    folder = tmp_path_factory.mktemp("movies")

    def make(name: str) -> bytes:
        path = folder / name
        if not path.exists():
            ffmpeg(*_PICTURE, *_SOUND, *_CODED, *_ENDINGS[name], path)
        return path.read_bytes()

    return make


@pytest.fixture
def small_uploads_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clips of other tests be large enough for streaming encodes."""
    monkeypatch.setattr(streaming_encodes, "MIN_UPLOAD_BYTES", 1)


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were encoded when they were whole."""
    names: list[str] = []

    def noted(*arguments: Any, name: str, **more: Any) -> Any:
        names.append(name)
        return render.render_branches(*arguments, name=name, **more)

    monkeypatch.setattr(frame_process, "render_branches", noted)
    return names


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[TestEngine]:
    engine = open_test_engine(tmp_path)
    yield engine
    engine.jobs.running.stop_all()
    engine.close()


@contextmanager
def encoding(engine: TestEngine, *, stall_seconds: int = 60) -> Iterator[threading.Thread]:
    """A thread that takes up one offer; waited for at the end of the block."""
    runner = replace(engine.parts.work.streaming_runner(), stall_seconds=stall_seconds)
    thread = threading.Thread(target=runner.run_once)
    thread.start()
    yield thread
    thread.join(120)
    assert not thread.is_alive()


def index_of(movie: bytes) -> tuple[int, bytes]:
    """The offset of the `moov` box, and its bytes."""
    start = 0
    while movie[start + 4 : start + 8] != b"moov":
        start += int.from_bytes(movie[start : start + 4])
    return start, movie[start : start + int.from_bytes(movie[start : start + 4])]


def laid_out_anew(movie: bytes, order: Callable[[int, int], int]) -> bytes:
    """The movie with its chunks in another order on disk.

    order: makes a rank of a chunk's track and place.
    """
    start, index = index_of(movie)
    moved, tables, at = bytearray(index), [], index.find(b"stco")
    while at >= 0:
        count = int.from_bytes(index[at + 8 : at + 12])
        tables.append([at + 12 + 4 * place for place in range(count)])
        at = index.find(b"stco", at + 4)
    begins = {place: int.from_bytes(index[place : place + 4]) for table in tables for place in table}
    ends = dict(zip(sorted(begins.values()), [*sorted(begins.values())[1:], start], strict=True))
    ranked = sorted(
        (order(track, number), place)
        for track, table in enumerate(tables)
        for number, place in enumerate(table)
    )
    media = bytearray(movie[: min(ends)])
    for _, place in ranked:
        moved[place : place + 4] = len(media).to_bytes(4)
        media += movie[begins[place] : ends[begins[place]]]
    return bytes(media + moved)


def send_index(engine: TestEngine, upload: str, index: bytes, *, start: int) -> TestResponse:
    return engine.client.post(f"{upload}/index", data=index, headers={"Index-Offset": str(start)})
