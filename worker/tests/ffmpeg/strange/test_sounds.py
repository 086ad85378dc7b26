"""Sounds of strangers' files: which one is heard, and in which layout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from . import clips
from .clips import AAC, X264, change, fields, make, tone

if TYPE_CHECKING:
    pass
from .conftest import Site, frequency

pytestmark = pytest.mark.ffmpeg


def test_m51_the_sound_that_can_be_decoded_is_heard(site: Site, folder: Path) -> None:
    both = [*fields(), *tone(440), *tone(880), "-map", "0", "-map", "1", "-map", "2"]
    path = change(make(folder / "clip.mov", *both, *X264, *AAC), clips.unknown_sound(0))

    assert frequency(site.make(path)["watermarked"]) == pytest.approx(880, abs=20)


def test_m51_without_any_sound_that_can_be_decoded_the_video_is_silent(site: Site, folder: Path) -> None:
    path = change(make(folder / "clip.mp4", *fields(), *tone(), *X264, *AAC), clips.unknown_sound(0))

    assert site.make(path)["watermarked"].meta["num_audio_streams"] == 0


@pytest.mark.parametrize(
    ("sounds", "heard"), [pytest.param(1, 0, id="alone"), pytest.param(2, 880, id="before-another")]
)
def test_m51_a_sound_that_only_says_that_it_can_be_decoded_is_left_out(
    site: Site, folder: Path, sounds: int, heard: int
) -> None:
    inputs = [
        *fields(),
        *tone(440),
        *tone(880),
        "-map",
        "0",
        "-map",
        "1",
        *(["-map", "2"] if sounds == 2 else []),
    ]
    path = change(make(folder / "clip.mp4", *inputs, *X264, *AAC), clips.undecodable_aac(0))

    watermarked = site.make(path)["watermarked"]

    assert watermarked.meta["num_audio_streams"] == sounds - 1
    if heard:
        assert frequency(watermarked) == pytest.approx(heard, abs=20)


def test_m51_a_sound_that_is_only_announced_is_passed_over(site: Site, folder: Path) -> None:
    both = [*fields(), *tone(440), *tone(880), "-map", "0", "-map", "1", "-map", "2"]
    path = make(folder / "clip.ts", *both, *X264, "-c:a", "mp2", "-f", "mpegts")

    watermarked = site.make(change(path, clips.without_pid(0x101)))["watermarked"]

    assert frequency(watermarked) == pytest.approx(880, abs=20)


@pytest.mark.parametrize("disposition", ["default", "0"], ids=["which-is-the-default", "beside-a-commentary"])
def test_m51_the_films_own_sound_is_heard(site: Site, folder: Path, disposition: str) -> None:
    both = [*fields(), *tone(440), *tone(880), "-map", "0", "-map", "1", "-map", "2"]
    first = "0" if disposition == "default" else "default+comment"
    told = ["-disposition:a:0", first, "-disposition:a:1", disposition]
    path = make(folder / "clip.mkv", *both, *X264, *AAC, *told)

    assert frequency(site.make(path)["watermarked"]) == pytest.approx(880, abs=20)


@pytest.mark.parametrize("channels", [3, 4, 5, 10, 16])
def test_m52_any_number_of_channels_becomes_stereo(site: Site, folder: Path, channels: int) -> None:
    path = make(folder / "clip.mov", *fields(), *tone(channels=channels), *X264, "-c:a", "pcm_s16le")

    watermarked = site.make(path)["watermarked"]

    assert watermarked.meta["audio_channels"] == 2
    assert frequency(watermarked) == pytest.approx(440, abs=20)


@pytest.mark.parametrize("layout", ["quad", "2.1", "5.0", "6.1", "7.1(wide)", "hexagonal", "ambisonic 1"])
def test_m52_any_layout_becomes_stereo(site: Site, folder: Path, layout: str) -> None:
    channels = {"quad": 4, "2.1": 3, "5.0": 5, "6.1": 7, "7.1(wide)": 8, "hexagonal": 6, "ambisonic 1": 4}
    placed = ["-af", f"aformat=channel_layouts={layout}" if layout[0] != "a" else "anull"]
    sound = tone(channels=channels[layout])
    path = make(folder / "clip.mkv", *fields(), *sound, *X264, *placed, "-c:a", "pcm_s16le")

    assert site.make(path)["watermarked"].meta["audio_channels"] == 2
