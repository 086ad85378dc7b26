from __future__ import annotations

import pytest

from cattube_worker.media.encode.output import option as option_of
from cattube_worker.media.encode.presets import PRESETS, preset_named


@pytest.mark.parametrize(
    ("name", "size", "ext"),
    [
        ("web/mp4/240p", (426, 240), "mp4"),
        ("web/mp4/720p", (1280, 720), "mp4"),
        ("web/mp4/4k", (3840, 2160), "mp4"),
        ("ipad-high", (1024, 768), "mp4"),
        ("android-low", (480, 320), "mp4"),
        ("dash-576p-video", (1024, 576), "mp4"),
        ("web/webm/1080p", (1920, 1080), "webm"),
        ("flash", (320, 240), "flv"),
        ("gif", (480, 270), "gif"),
        ("hevc", (None, None), "mp4"),
        ("empty", (None, None), "mp4"),
    ],
)
def test_a_preset_has_the_size_of_its_name(name: str, size: tuple[int | None, int | None], ext: str) -> None:
    preset = PRESETS[name]

    assert (preset.width, preset.height) == size
    assert preset.ext == ext


def test_underscores_are_as_good_as_hyphens() -> None:
    assert preset_named("ipad_high") is PRESETS["ipad-high"]
    assert preset_named("ipad-higher") is None


def test_every_mp4_can_be_played_before_it_is_whole() -> None:
    for preset in PRESETS.values():
        if preset.ext == "mp4":
            assert "+faststart" in preset.container
            assert preset.pixel_format == "yuv420p"


@pytest.mark.parametrize("name", ["empty", "web/mp4/720p", "hls/720p", "dash/480p-video", "vod/1080p"])
def test_m81_every_rendition_by_quality_is_measured_alike(name: str) -> None:
    """Hazard M81: first publication, ladder and streams; their renditions replace each other while played."""
    video = PRESETS[name].video or ()
    speed = {"-preset": "veryfast", "-subq": "1", "-refs": "3", "-trellis": "1"}
    measured = {**speed, "-aq-strength": "1.2", "-crf": "24.5"}

    assert {option: option_of(video, option) for option in measured} == measured


STREAMED = ("270p", "360p", "480p", "540p", "576p", "720p", "1080p")
ON_THE_WEB = ("240p", "360p", "480p", "720p", "1080p", "4k", "8k")
NAMES = [
    *("android", "android-high", "android-low", "ipad", "ipad-high", "ipad-low"),
    *("iphone", "iphone-high", "iphone-low", "flash", "gif", "hevc", "ogv", "webm", "wmv", "vp9", "empty"),
    *(
        name.format(height)
        for height in STREAMED
        for name in ("dash-{}-video", "dash/{}-video", "hls-{}", "vp9-{}", "webm-{}")
    ),
    *(f"hls/{height}" for height in ("270p", "360p", "480p", "540p", "720p", "1080p", "4k")),
    *(f"vod/{height}" for height in ("270p", "480p", "720p", "1080p")),
    *(f"web/mp4/{height}" for height in (*ON_THE_WEB, "540p")),
    *(f"{family}/{height}" for height in ON_THE_WEB
      for family in ("web/mp4-x265", "web/webm", "web/webm-av1")),
]  # fmt: skip


def test_every_name_of_the_services_presets_is_known_and_no_other() -> None:
    assert set(NAMES) == set(PRESETS)
