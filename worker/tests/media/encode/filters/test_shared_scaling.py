"""Small frames come from larger ones only where that leaves the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from cattube_worker.media.encode.filters.branches import Branch, Frames
from cattube_worker.media.encode.filters.graph import filter_graph
from cattube_worker.media.encode.filters.shared_scaling import larger_branches
from cattube_worker.media.encode.filters.watermark import Watermark
from cattube_worker.media.encode.output import Output
from cattube_worker.media.geometry import Size, scale_to

FULL, HALF, QUARTER = Size(1920, 1080), Size(960, 540), Size(480, 270)

# A watermark is converted as the video under it is read.
MARKED = (
    ":out_color_matrix=bt709:out_range=tv,format=yuva420p,"
    "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
)


def rendition(
    name: str,
    size: Size,
    *,
    source: str | None = None,
    before: tuple[str, ...] = (),
    after: tuple[str, ...] = ("format=yuv420p",),
    watermark: Watermark | None = None,
) -> Branch:
    return Branch(
        name=name,
        source=source,
        filters=(*before, *scale_to(size), *after),
        watermark=watermark,
        frames=Frames(size=size, duration_seconds=10),
        output=Output(path=Path(f"/job/{name}"), video=("-c:v", "libx264")),
    )


def scaled_from(*branches: Branch) -> dict[str, str]:
    return {name: larger.name for name, larger in larger_branches(branches).items()}


def test_each_is_scaled_from_the_next_larger_one_whatever_their_order() -> None:
    renditions = rendition("quarter", QUARTER), rendition("full", FULL), rendition("half", HALF)

    assert scaled_from(*renditions) == {"half": "full", "quarter": "half"}


def test_two_of_one_size_do_not_wait_for_each_other() -> None:
    assert scaled_from(rendition("one", HALF), rendition("other", HALF)) == {"other": "one"}


def test_one_that_is_wider_but_lower_is_no_source() -> None:
    assert scaled_from(rendition("wide", Size(1000, 100)), rendition("high", Size(100, 200))) == {}


@pytest.mark.parametrize(
    "other",
    [
        rendition("other", HALF, source="step"),
        rendition("other", HALF, before=("crop=100:100:0:0",)),
        rendition("other", HALF, after=("pad=960:600:-1:-1:black", "format=yuv420p")),
        rendition("other", HALF, after=("format=yuv444p",)),
        rendition("other", HALF, before=("hflip",)),
    ],
    ids=["other-frames", "cut", "padded", "other-colours", "turned"],
)
def test_what_is_made_in_another_way_is_made_from_the_start(other: Branch) -> None:
    assert scaled_from(rendition("full", FULL), other) == {}


def test_two_that_cut_alike_are_not_the_same_picture() -> None:
    cut = ("crop=100:100",)

    assert scaled_from(rendition("full", FULL, after=cut), rendition("half", HALF, after=cut)) == {}


def test_costly_work_is_done_once_and_each_has_its_own_watermark() -> None:
    mark = Watermark(path=Path("/mark"), size_percent=25)
    renditions = [
        rendition("quarter", QUARTER, before=("bwdif",), watermark=mark),
        rendition("full", FULL, before=("bwdif",), watermark=mark),
        rendition("half", HALF, before=("bwdif",)),
    ]

    graph = filter_graph(renditions, mark_sizes=[Size(200, 100), Size(200, 100)])

    assert graph.text.split(";") == [
        "[1:v:0]format=rgba,scale=120:60" + MARKED + "[mark1]",
        "[b2_0]scale=480:270,setsar=1[under1]",
        "[under1][mark1]overlay=180:105[b0]",
        "[2:v:0]format=rgba,scale=480:240" + MARKED + "[mark2]",
        "[0:V:0]bwdif,scale=1920:1080,setsar=1,format=yuv420p,split=2[under2][u1_0]",
        "[under2][mark2]overlay=720:420[b1]",
        "[u1_0]scale=960:540,setsar=1,split=2[b2][b2_0]",
    ]
    assert graph.pads == {"quarter": "[b0]", "full": "[b1]", "half": "[b2]"}
