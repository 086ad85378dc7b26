"""Thumbnails of videos that begin with nothing to see."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .clips import FIELDS, X264, fields, make

if TYPE_CHECKING:
    pass
from .conftest import Site, colours

pytestmark = pytest.mark.ffmpeg


@pytest.mark.parametrize("colour", ["black", "white", "gray"])
def test_m59_a_thumbnail_shows_something_where_a_video_begins_with_nothing(
    site: Site, folder: Path, colour: str
) -> None:
    nothing = ["-f", "lavfi", "-i", f"color={colour}:s=320x180:r=25:d=2"]
    joined = ["-filter_complex", "[0:v]format=rgb24[a];[1:v]setsar=1[b];[a][b]concat"]
    path = make(folder / "clip.mp4", *nothing, *fields(seconds=6), *joined, *X264)

    thumbnail = site.make(path)["thumbnail"]

    assert colours(thumbnail) == [pytest.approx(field, abs=30) for field in FIELDS]
    assert thumbnail.meta["thumb_offset"] == pytest.approx(2.2, abs=0.25)


def test_m59_a_video_that_shows_nothing_at_all_has_a_thumbnail(site: Site, folder: Path) -> None:
    path = make(folder / "clip.mp4", "-f", "lavfi", "-i", "color=black:s=320x180:r=25:d=2", *X264)

    assert site.make(path)["thumbnail"].meta["thumb_offset"] == pytest.approx(0.2, abs=0.05)
