"""Recordings that broke off: what there is of them counts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.length_in_words import length_in_words

from . import clips
from .clips import AAC, X264, change, fields, make, tone

if TYPE_CHECKING:
    from ..conftest import Bench
from .conftest import Site

pytestmark = pytest.mark.ffmpeg


FRAGMENTS = ["-movflags", "frag_keyframe+empty_moov+default_base_moof"]


@pytest.mark.parametrize(
    ("ending", "options"),
    [
        pytest.param("mp4", [*X264, *AAC, *FRAGMENTS], id="fragmented-mp4"),
        pytest.param("mp4", [*X264, *AAC, "-movflags", "+faststart"], id="mp4-with-its-index-first"),
        pytest.param("mkv", [*X264, *AAC], id="matroska"),
        pytest.param("webm", ["-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus"], id="webm"),
        pytest.param("flv", [*X264, *AAC], id="flv"),
        pytest.param("ts", [*X264, *AAC], id="transport-stream"),
        pytest.param("avi", ["-c:v", "mpeg4", "-c:a", "mp3"], id="avi"),
        pytest.param("mpg", ["-c:v", "mpeg2video", "-c:a", "mp2"], id="program-stream"),
    ],
)
def test_m58_of_a_recording_that_broke_off_there_is_what_there_is(
    site: Site, folder: Path, ending: str, options: list[str]
) -> None:
    path = make(folder / f"clip.{ending}", *fields(seconds=6), *tone(seconds=6), *options)

    files = site.make(change(path, clips.cut(0.6)))

    said = files[":original"].meta.get("duration", 0)
    there = files["watermarked"].meta["duration"]
    assert 2 < there < 5
    # Where no length is told, the bytes tell that there was more.
    words = f'"clip.{ending}" ends early: it breaks off after {length_in_words(there)}.'
    if said - there > max(0.5, said * 0.1):
        words = f'"clip.{ending}" ends early: only {there:.0f} of its {said:.0f} seconds could be read.'
    assert site.warnings == [words]


@pytest.mark.parametrize("part", [{"t": 1}, {"to": 1}, {"ss": 1}])
def test_m89_step_that_keeps_a_part_does_not_tell_where_a_recording_breaks_off(
    any_bench: Bench, folder: Path, part: dict[str, int]
) -> None:
    """What it made is short because it was asked to be."""
    path = make(folder / "clip.ts", *fields(seconds=6), *X264)
    warnings: list[str] = []
    any_bench.warn = warnings.append
    original = {"robot": "/upload/handle"}
    step = {
        "robot": "/video/encode",
        "use": ":original",
        "preset": "empty",
        "ffmpeg": {"b:v": "300k", **part},
    }

    any_bench.run({":original": original, "part": step}, any_bench.upload(change(path, clips.cut(0.6))))

    assert not [warning for warning in warnings if "breaks off after" in warning]


def test_m58_a_recording_of_which_nothing_is_left_is_refused(site: Site, folder: Path) -> None:
    path = make(folder / "clip.mp4", *fields(), *X264, "-movflags", "+faststart")
    movie = path.read_bytes()
    path.write_bytes(movie[: movie.index(b"mdat") + 4])

    with pytest.raises(InvalidInput):
        site.make(path)
