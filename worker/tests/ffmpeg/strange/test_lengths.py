"""Lengths of strangers' files: pictures and sounds that end apart, and tracks that count for nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from . import clips
from .clips import AAC, FIELDS, X264, change, fields, make, tone

if TYPE_CHECKING:
    pass
from .conftest import Site, colours, lengths

pytestmark = pytest.mark.ffmpeg


def test_m50_clip_with_a_clock_track_is_a_video(site: Site, folder: Path) -> None:
    path = make(folder / "clip.mov", *fields(), *tone(), *X264, *AAC, "-timecode", "23:59:58:00")

    watermarked = site.make(path)["watermarked"]

    assert watermarked.meta["duration"] == pytest.approx(2, abs=0.1)
    assert watermarked.meta["num_audio_streams"] == 1


@pytest.mark.parametrize("ending", ["mp4", "mkv", "ts"])
def test_m53_the_last_picture_stays_while_there_is_sound(site: Site, folder: Path, ending: str) -> None:
    sound = ["-c:a", "mp2"] if ending == "ts" else AAC
    path = make(folder / f"clip.{ending}", *fields(seconds=1), *tone(seconds=4), *X264, *sound)

    files = site.make(path)

    for step in ("resized", "watermarked"):
        ends = lengths(files[step])
        assert ends["video"] == pytest.approx(4, abs=0.3)
        assert ends["audio"] == pytest.approx(4, abs=0.3)
        assert colours(files[step], at_seconds=3.5) == [pytest.approx(field, abs=24) for field in FIELDS]


@pytest.mark.parametrize("ending", ["mp4", "mkv", "ts"])
def test_m53_silence_follows_a_sound_that_ends_early(site: Site, folder: Path, ending: str) -> None:
    sound = ["-c:a", "mp2"] if ending == "ts" else AAC
    path = make(folder / f"clip.{ending}", *fields(seconds=3), *tone(seconds=1), *X264, *sound)

    for step, file in site.make(path).items():
        if step in {"resized", "watermarked"}:
            assert lengths(file)["audio"] == pytest.approx(lengths(file)["video"], abs=0.3)


def late_subtitle(folder: Path) -> Path:
    path = folder / "late.srt"
    path.write_text("1\n00:00:01,000 --> 00:00:02,000\nhello\n\n2\n00:01:30,000 --> 00:01:40,000\nlate\n")
    return path


@pytest.mark.parametrize("is_told", [True, False], ids=["tracks-tell-their-length", "tracks-tell-nothing"])
def test_m56_a_subtitle_that_goes_on_makes_no_video_longer(site: Site, folder: Path, is_told: bool) -> None:
    three = [*fields(), *tone(), "-i", str(late_subtitle(folder)), "-map", "0", "-map", "1", "-map", "2"]
    path = make(folder / "clip.mkv", *three, *X264, *AAC, "-c:s", "srt")
    if not is_told:
        change(path, lambda movie: movie.replace(b"DURATION", b"LENGTHxx"))

    files = site.make(path)

    assert files[":original"].meta["duration"] == pytest.approx(2, abs=0.1)
    assert files["watermarked"].meta["duration"] == pytest.approx(2, abs=0.1)
    assert site.warnings == []


def test_m56_a_clock_that_counts_from_1970_makes_no_video_longer(site: Site, folder: Path) -> None:
    fragments = ["-movflags", "frag_keyframe+empty_moov+default_base_moof"]
    path = make(folder / "clip.mp4", *fields(), *tone(), *X264, *AAC, *fragments)

    files = site.make(change(path, clips.since_1970))

    assert files[":original"].meta["duration"] == pytest.approx(2, abs=0.1)
    assert files["watermarked"].meta["duration"] == pytest.approx(2, abs=0.1)
