from __future__ import annotations

from typing import Any

import pytest

from cattube_worker.media.inspect.metadata import meta_of
from cattube_worker.media.inspect.video_facts import VideoFacts


def document(*, container: dict[str, Any] | None = None, **video: Any) -> dict[str, Any]:
    stream = {"codec_type": "video", "codec_name": "h264", "width": 1920, "height": 1080, **video}
    return {"format": container or {"duration": "12.5"}, "streams": [stream]}


def test_values_are_numbers_in_plain_units() -> None:
    meta = meta_of(
        document(
            avg_frame_rate="30000/1001", bit_rate="1000", container={"duration": "12.5", "bit_rate": "9"}
        )
    )

    assert meta["duration"] == 12.5
    assert meta["framerate"] == 29.97
    assert meta["overall_bitrate"] == 9
    assert all(value is not None for value in meta.values())


@pytest.mark.parametrize(
    ("rotation", "degrees", "shown"),
    [(-90, 90, (1080, 1920)), (90, 270, (1080, 1920)), (180, 180, (1920, 1080)), (0, 0, (1920, 1080))],
)
def test_the_size_is_the_one_that_is_shown(rotation: int, degrees: int, shown: tuple[int, int]) -> None:
    meta = meta_of(document(side_data_list=[{"side_data_type": "Display Matrix", "rotation": rotation}]))

    assert (meta["width"], meta["height"], meta["rotation"]) == (*shown, degrees)


def test_oblong_pixels_count_as_they_are_shown() -> None:
    assert meta_of(document(sample_aspect_ratio="4:3"))["width"] == 2560


@pytest.mark.parametrize(
    ("facts", "bits"),
    [
        pytest.param({"bits_per_raw_sample": "10", "pix_fmt": "yuv420p"}, 10, id="the-stream-says"),
        pytest.param({"pix_fmt": "yuv420p"}, 8, id="plain"),
        pytest.param({"pix_fmt": "yuvj422p", "bits_per_raw_sample": "0"}, 8, id="full-range"),
        pytest.param({"pix_fmt": "yuv420p10le"}, 10, id="ten"),
        pytest.param({"pix_fmt": "yuva444p12be"}, 12, id="twelve-with-alpha"),
        pytest.param({"pix_fmt": "gray"}, 8, id="gray"),
        pytest.param({"pix_fmt": "pal8"}, None, id="a-palette"),
        pytest.param({}, None, id="unknown"),
    ],
)
def test_bits_of_a_colour_are_known_without_ffprobe_too(facts: dict[str, Any], bits: int | None) -> None:
    assert meta_of(document(**facts)).get("bit_depth") == bits


@pytest.mark.parametrize("value", ["0/0", "N/A", "", "1e99", "-1", "nan", "inf", "1/0"])
def test_m12_nonsense_numbers_are_left_out(value: str) -> None:
    meta = meta_of(
        document(avg_frame_rate=value, r_frame_rate=value, container={"duration": value, "bit_rate": "x"})
    )

    assert "framerate" not in meta
    assert "duration" not in meta
    assert "overall_bitrate" not in meta


def test_a_subtitle_track_does_not_make_a_video_longer() -> None:
    both = document(duration="2.0", container={"duration": "99"})
    both["streams"].append({"codec_type": "subtitle", "duration": "99"})

    assert meta_of(both)["duration"] == 2.0


def test_the_cover_of_a_song_is_no_video() -> None:
    meta = meta_of(document(disposition={"attached_pic": 1}))

    assert meta["num_video_streams"] == 0
    assert meta["has_artwork"] is True
    assert VideoFacts.from_meta(meta) is None


def test_matroska_that_starts_late_is_not_longer_for_it() -> None:
    late = {"format_name": "matroska,webm", "start_time": "5.0", "duration": "5.8"}

    assert meta_of(document(container=late))["duration"] == 0.8


def test_only_unusual_colours_and_field_orders_are_in_the_metadata() -> None:
    usual = document(
        field_order="progressive", color_range="tv", color_transfer="unknown", sample_aspect_ratio="1:1"
    )
    unusual = document(field_order="bb", color_transfer="smpte2084", sample_aspect_ratio="4:3")

    assert not {"field_order", "color_range", "color_transfer", "sample_aspect_ratio"} & meta_of(usual).keys()
    meta = meta_of(unusual)
    assert (meta["field_order"], meta["color_transfer"], meta["sample_aspect_ratio"]) == (
        "bb",
        "smpte2084",
        "4:3",
    )
