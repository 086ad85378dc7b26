"""Batch work of every kind that is made to stand still in the middle: what comes out is the same."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.media.process import run
from cattube_worker.media.process.process_group import stats_of

from ..server.conftest import PATIENCE_SECONDS
from .conftest import Bench, Clip, ffmpeg

pytestmark = [
    pytest.mark.ffmpeg,
    pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv, of util-linux"),
]

ORIGINAL = {"robot": "/upload/handle"}
SUBTITLES = "1\n00:00:00,000 --> 00:00:01,000\nMeow\n"
ENCODE = {"robot": "/video/encode", "use": ":original", "preset": "hls/360p"}
BUNDLE = {"steps": [":original"], "bundle_steps": True}
KINDS: dict[str, dict[str, Any]] = {
    "encode": ENCODE,
    "thumbs": {"robot": "/video/thumbs", "use": ":original", "count": 50},
    "audio": {"robot": "/audio/encode", "use": ":original", "preset": "mp3"},
    "concat": {"robot": "/video/concat", "use": BUNDLE, "preset": "hls/360p"},
    "subtitle": {"robot": "/video/subtitle", "use": BUNDLE, "subtitles_type": "burned"},
    "adaptive": {"robot": "/video/adaptive", "use": ":original", "technique": "hls"},
}


@dataclass
class EachOnce:
    """Makes each program that works below `folder` stand still once."""

    folder: Path
    stopped: set[int] = field(default_factory=set)
    gives_up_at: float = field(default_factory=lambda: time.monotonic() + PATIENCE_SECONDS)

    def must_pause(self) -> bool:
        for group in self._programs() - self.stopped:
            # One that has just ended is in no other state until its parent is told, which may stand still.
            states = {fields[0] for _, fields in stats_of(group)} - {"Z", "X"}
            if states != {"T"}:
                # No clock of the work counts a pause.
                assert time.monotonic() < self.gives_up_at, f"it does not stand still: {states}"
                return True
            self.stopped.add(group)
        return False

    def _programs(self) -> set[int]:
        """Groups of those that were started here."""
        groups = set()
        for process in Path("/proc").glob("[0-9]*"):
            try:
                is_ours = str(self.folder).encode() in (process / "cmdline").read_bytes()
                parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if is_ours and parent == os.getpid():
                groups.add(int(process.name))
        return groups


@pytest.fixture(scope="module")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Long enough for every kind of work to be caught in the middle."""
    path = tmp_path_factory.mktemp("clip") / "long.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=10:d=60", "-f", "lavfi", "-i", "sine=d=60"]
    ffmpeg(*picture, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", path)
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_f80_batch_work_that_stood_still_makes_what_it_makes_without(
    bench: Bench, long_clip: Path, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_POLL_SECONDS", 0.005)  # Some of it takes no longer than a look otherwise.
    steps = {":original": ORIGINAL, "later": {**KINDS[kind], "queue": "batch", "result": True}}
    pauses = EachOnce(tmp_path / "paused")

    paused = made(replace(bench, folder=pauses.folder, must_pause=pauses.must_pause), long_clip, steps, kind)
    undisturbed = made(replace(bench, folder=tmp_path / "undisturbed", jobs=[]), long_clip, steps, kind)

    assert paused == undisturbed
    assert pauses.stopped


def test_f80_nothing_is_stored_during_a_pause(bench: Bench, clip: Clip) -> None:
    store = {"robot": "/s3/store", "use": ":original", "credentials": "cattube", "path": "cat"}
    steps = {":original": ORIGINAL, "later": {**store, "queue": "batch"}}
    upload, stored = bench.upload(clip("plain.mp4")), list[bool]()

    def must_pause() -> bool:
        stored.append((bench.folder / "bucket" / "cat").exists())
        return len(stored) < 3

    replace(bench, must_pause=must_pause).run(steps, upload)

    assert stored[:3] == [False, False, False]
    assert (bench.folder / "bucket" / "cat").exists()


def made(bench: Bench, clip: Path, steps: dict[str, Any], kind: str) -> list[tuple[Any, ...]]:
    """Properties of the files that the step makes."""
    bench.folder.mkdir()
    uploads = [bench.upload(clip)]
    if kind == "subtitle":
        words = bench.folder / "words.srt"
        words.write_text(SUBTITLES)
        uploads.append(bench.upload(words))
    keys = ("width", "height", "duration", "video_codec", "audio_codec")
    files = [file for file in bench.run(steps, *uploads) if file.step == "later"]
    assert files
    return sorted((file.name, file.mime, *(str(file.meta.get(key)) for key in keys)) for file in files)
