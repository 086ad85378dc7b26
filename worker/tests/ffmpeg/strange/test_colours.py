"""Colours of strangers' files stay what they are, and every output states its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .clips import AAC, FIELDS, X264, fields, make, tone

if TYPE_CHECKING:
    pass
from .conftest import Site, colours, stated_colours

pytestmark = pytest.mark.ffmpeg


RGB = ["-c:v", "libx264rgb", "-preset", "ultrafast", "-crf", "5"]
HD, SD = ["bt709"] * 3, ["smpte170m"] * 3


def test_m54_the_colours_of_a_screen_stay_what_they_are(site: Site, folder: Path) -> None:
    files = site.make(make(folder / "clip.mkv", *fields("1280x720", seconds=1, rate=10), *RGB))

    for step in ("resized", "watermarked", "thumbnail"):
        assert colours(files[step]) == [pytest.approx(field, abs=6) for field in FIELDS]


@pytest.mark.parametrize(
    ("size", "options", "expected"),
    [
        pytest.param("1280x720", X264, HD, id="hd"),
        pytest.param("320x180", X264, SD, id="sd"),
        pytest.param("360x720", X264, HD, id="upright"),
        pytest.param("1280x720", RGB, ["smpte170m", "bt709", "bt709"], id="rgb"),
        pytest.param("320x180", [*X264, "-colorspace", "bt709", "-color_primaries", "bt709",
                                 "-color_trc", "bt709"], HD, id="sd-that-states-hd"),
    ],
)  # fmt: skip
def test_m54_every_output_states_its_colours(
    site: Site, folder: Path, size: str, options: Sequence[str], expected: list[str]
) -> None:
    stated = []
    if "-colorspace" in options:
        stated = ["-vf", "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"]
    path = make(folder / "clip.mkv", *fields(size, seconds=1, rate=10), *stated, *options)

    files = site.make(path)

    for step in ("resized", "watermarked"):
        assert stated_colours(site.bench.tools, files[step]) == [*expected, "tv"]


def test_m54_a_file_that_is_copied_states_its_colours_too(site: Site, folder: Path) -> None:
    plain = [*X264[:5], "26", *X264[6:], "-profile:v", "high"]
    path = make(folder / "clip.mp4", *fields(), *tone(), *plain, *AAC)

    files = site.make(path)

    assert stated_colours(site.bench.tools, files["resized"]) == [*SD, "tv"]
