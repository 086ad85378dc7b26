"""Which files' frames are changed before anything is made of them."""

from __future__ import annotations

from typing import Any

import pytest

from cattube_worker.media.encode.filters.normalization import Normalization, normalization
from cattube_worker.media.inspect.video_facts import VideoFacts


def wanted(*, has_zscale: bool = True, **facts: Any) -> Normalization:
    return normalization(VideoFacts(width=64, height=48, duration_seconds=1, **facts), has_zscale=has_zscale)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {
            "field_order": "progressive",
            "color_range": "tv",
            "color_primaries": "bt709",
            "color_transfer": "bt709",
        },
        {"color_primaries": "smpte170m", "color_transfer": "smpte170m"},
    ],
    ids=["nothing-told", "ordinary", "standard-definition"],
)
def test_an_ordinary_video_is_left_as_it_is_and_states_its_colours(facts: dict[str, Any]) -> None:
    (stated,) = wanted(**facts).around(("scale=2:2", "setsar=1"))[:-2]

    assert stated.startswith("setparams=range=tv:color_primaries=")


@pytest.mark.parametrize("order", ["tt", "bb", "tb", "bt"])
def test_fields_are_parted_before_the_picture_is_scaled(order: str) -> None:
    deinterlace, _, *rest = wanted(field_order=order).around(("scale=2:2", "setsar=1", "null"))

    assert deinterlace == "bwdif=mode=send_frame:deint=interlaced"
    assert rest == ["scale=2:2", "setsar=1", "null"]


def test_tones_are_mapped_where_the_picture_is_small_already() -> None:
    filters = wanted(color_transfer="smpte2084").around(("scale=2:2", "setsar=1", "null"))

    assert filters[:2] == ("scale=2:2", "setsar=1")
    assert any(each.startswith("tonemap=") for each in filters[2:])
    assert filters[-1] == "null"


def test_colours_are_told_where_the_file_does_not() -> None:
    (told, *_) = wanted(color_transfer="arib-std-b67").after

    assert told == "setparams=color_primaries=bt2020:color_trc=arib-std-b67:colorspace=bt2020nc"


def test_without_zimg_the_picture_is_said_to_be_what_it_is_shown_as() -> None:
    (only,) = wanted(color_transfer="smpte2084", has_zscale=False).after

    assert only == "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"


def test_wide_colours_become_ordinary_ones() -> None:
    told, narrowed, _ = wanted(color_primaries="bt2020", color_transfer="bt2020-10").after

    assert told == "setparams=color_primaries=bt2020:color_trc=bt2020-10:colorspace=bt2020nc"
    assert narrowed.startswith("zscale=p=bt709")


def test_full_range_is_not_passed_on() -> None:
    assert wanted(color_range="pc").after[0] == "scale=out_color_matrix=bt709:out_range=tv"


@pytest.mark.parametrize(
    ("matrix", "becomes"),
    [
        pytest.param("gbr", "smpte170m", id="rgb"),
        pytest.param("ycgco", "bt709", id="a-matrix-that-few-players-know"),
        pytest.param("smpte170m", "smpte170m", id="of-sd"),
        pytest.param("bt470bg", "bt470bg", id="of-pal"),
        pytest.param("", "bt709", id="of-hd"),
    ],
)
def test_m54_frames_come_out_in_a_matrix_that_every_player_knows(matrix: str, becomes: str) -> None:
    assert wanted(color_space=matrix).colors.matrix == becomes
    assert wanted(color_space=matrix, color_range="pc").colors.range == "tv"
