"""The template's renditions: as many as the source is worth, cut where players change over."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.instructions.assembly_file import AssemblyFile

from .conftest import Bench, ffmpeg

pytestmark = pytest.mark.ffmpeg

LADDERS = {
    "1920x1080": ["1920x1080", "1280x720", "854x480", "640x360"],
    "1600x900": ["1600x900", "1280x720", "854x480", "640x360"],
    "1280x720": ["1280x720", "854x480", "640x360"],
    "854x480": ["854x480", "640x360"],
    "320x180": ["320x180"],
    "1080x1920": ["1080x1920", "720x1280", "480x854", "360x640"],
}


def streamed(bench: Bench, template: dict[str, Any], size: str) -> tuple[str, list[AssemblyFile]]:
    """The master playlist of a clip of that size, and all that was made of it."""
    clip = bench.folder / "clip.mp4"
    picture, sound = f"testsrc2=s={size}:r=10:d=5", "sine=f=440:r=48000:d=5"
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    ffmpeg("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, *coded, clip)
    files = bench.run(template, bench.upload(clip))
    return text_of(named(files, "playlist.m3u8")), files


def named(files: list[AssemblyFile], name: str) -> AssemblyFile:
    return next(file for file in files if file.step == "hls" and file.name == name)


def text_of(file: AssemblyFile) -> str:
    assert file.path is not None
    return file.path.read_text()


@pytest.mark.parametrize("size", LADDERS)
def test_no_rendition_is_larger_than_the_source(bench: Bench, template: dict[str, Any], size: str) -> None:
    master, _ = streamed(bench, template, size)

    sizes = re.findall(r"RESOLUTION=(\d+x\d+)", master)
    assert sorted(sizes, key=area, reverse=True) == LADDERS[size]
    assert master.count('AUDIO="audio"') == len(sizes)


def area(size: str) -> int:
    width, _, height = size.partition("x")
    return int(width) * int(height)


def test_renditions_are_cut_at_the_same_moments(bench: Bench, template: dict[str, Any]) -> None:
    master, files = streamed(bench, template, "1280x720")

    uris = [line for line in master.splitlines() if line.endswith(".m3u8")]
    cuts = [re.findall(r"#EXTINF:([\d.]+)", text_of(named(files, uri))) for uri in uris]
    assert cuts == [cuts[0]] * 3
    assert [round(float(each)) for each in cuts[0]] == [4, 1]


def test_a_stream_is_few_objects_under_its_own_name(bench: Bench, template: dict[str, Any]) -> None:
    _, files = streamed(bench, template, "1280x720")

    keys = [Path(file.object_key or "") for file in files if file.step == "hls"]
    assert {key.parts[:2] for key in keys} == {("hls", "a" * 32)}
    assert sorted(key.name for key in keys) == [
        *("360p.m3u8", "360p.mp4", "480p.m3u8", "480p.mp4", "720p.m3u8", "720p.mp4"),
        *("playlist.m3u8", "playlist.mpd", "sound.m3u8", "sound.mp4"),
    ]


def test_storyboard_has_the_shape_that_the_site_knows(bench: Bench, template: dict[str, Any]) -> None:
    _, files = streamed(bench, template, "320x180")

    (board,) = [file for file in files if file.step == "storyboard"]
    assert board.mime == "image/jpeg"
    assert (board.meta["width"], board.meta["height"]) == (1600, 900)
