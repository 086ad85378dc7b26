"""Files that play on their owner's machine play here: with their shape, colours, sound and length.

Each runs through the template this project ships, with every ffmpeg of this machine.
"""

from __future__ import annotations

import subprocess
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.inspect.probe import probe
from cattube_worker.media.length_in_words import length_in_words
from cattube_worker.media.mp4.tracks import read_tracks
from cattube_worker.media.process.limits import Limits

from . import strange_clips as clips
from .strange_clips import AAC, FIELDS, X264, change, fields, make, tone

if TYPE_CHECKING:
    from cattube_worker.media.process.tools import Tools

    from .conftest import Bench

pytestmark = pytest.mark.ffmpeg

FIRST = (":original", "resized", "watermarked", "thumbnail")


@dataclass
class Site:
    """The first steps of the template over one file after another."""

    bench: Bench
    steps: dict[str, Any]
    warnings: list[str] = field(default_factory=list)

    def make(self, path: Path) -> dict[str, AssemblyFile]:
        """What people wait for, by step."""
        files = self.bench.run(self.steps, self.bench.upload(path))
        assert [file.step for file in files] == list(FIRST)
        return {file.step: file for file in files}


@pytest.fixture
def site(any_bench: Bench, template: dict[str, Any]) -> Site:
    steps = {name: template[name] for name in FIRST}
    site = Site(any_bench, steps)
    any_bench.warn = site.warnings.append
    return site


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "clips"
    folder.mkdir()
    return folder


def decoded(file: AssemblyFile, *arguments: str) -> bytes:
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(file.path), *arguments, "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def colours(file: AssemblyFile, *, at_seconds: float = 0.5) -> list[tuple[int, ...]]:
    """The middle of each quarter of a picture, in reading order, left of the watermark."""
    area = "crop=iw*0.9:ih*0.7:0:ih*0.3,scale=8:8:flags=area,format=rgb24"
    picture = ["-ss", str(at_seconds), "-frames:v", "1"] if file.type == "video" else []
    pixels = decoded(file, *picture, "-vf", area, "-f", "rawvideo")
    return [tuple(pixels[3 * at : 3 * at + 3]) for at in (8, 14, 49, 54)]


def frequency(file: AssemblyFile) -> int:
    """Hertz of a tone, by how often it passes zero."""
    samples = array("h", decoded(file, "-map", "0:a:0", "-ac", "1", "-ar", "48000", "-f", "s16le"))
    middle = samples[len(samples) // 2 :][:24_000]
    return sum(one < 0 <= other for one, other in pairwise(middle)) * 48_000 // len(middle)


def lengths(file: AssemblyFile) -> dict[str, float]:
    """Seconds of each track, as the file's own index has them."""
    assert file.path is not None
    return {track.kind: track.duration_seconds or 0 for track in read_tracks(file.path)}


def stated_colours(tools: Tools, file: AssemblyFile) -> list[object]:
    assert file.path is not None
    document = probe(file.path, tools=tools, limits=Limits())
    assert document is not None
    stream = document["streams"][0]
    return [stream.get(f"color_{name}") for name in ("space", "primaries", "transfer", "range")]


def test_m50_clip_with_a_clock_track_is_a_video(site: Site, folder: Path) -> None:
    path = make(folder / "clip.mov", *fields(), *tone(), *X264, *AAC, "-timecode", "23:59:58:00")

    watermarked = site.make(path)["watermarked"]

    assert watermarked.meta["duration"] == pytest.approx(2, abs=0.1)
    assert watermarked.meta["num_audio_streams"] == 1


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


RGB = ["-c:v", "libx264rgb", "-preset", "ultrafast", "-crf", "5"]


def test_m54_the_colours_of_a_screen_stay_what_they_are(site: Site, folder: Path) -> None:
    files = site.make(make(folder / "clip.mkv", *fields("1280x720", seconds=1, rate=10), *RGB))

    for step in ("resized", "watermarked", "thumbnail"):
        assert colours(files[step]) == [pytest.approx(field, abs=6) for field in FIELDS]


HD, SD = ["bt709"] * 3, ["smpte170m"] * 3


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


def turning(folder: Path) -> Path:
    """Two seconds that lie, and two that stand."""
    lying = make(folder / "a.ts", *fields("320x180"), *tone(), *X264, *AAC)
    later = ["-output_ts_offset", "2"]
    upright = make(folder / "b.ts", *fields("180x320"), *tone(), *X264, *AAC, *later)
    path = folder / "clip.ts"
    path.write_bytes(lying.read_bytes() + upright.read_bytes())
    return path


def brightest_where_the_mark_is(file: AssemblyFile) -> int:
    """Brightness of the brightest pixel in the upper right corner at three seconds."""
    mark = "crop=iw*0.3:ih*0.3:iw*0.7:0,signalstats,metadata=print:key=lavfi.signalstats.YMAX:file=-"
    report = decoded(file, "-ss", "3", "-frames:v", "1", "-vf", mark, "-f", "null").decode()
    return int(report.partition("YMAX=")[2].split()[0])


def test_m55_a_picture_that_turns_on_the_way_keeps_its_shape_and_its_watermark(
    site: Site, folder: Path
) -> None:
    watermarked = site.make(turning(folder))["watermarked"]

    assert (watermarked.meta["width"], watermarked.meta["height"]) == (320, 180)
    row = decoded(watermarked, "-ss", "3", "-frames:v", "1", "-vf", "format=rgb24", "-f", "rawvideo")
    pixels = [tuple(row[3 * (60 * 320 + x) : 3 * (60 * 320 + x) + 3]) for x in (20, 130, 190, 300)]
    bar = (0, 0, 0)
    assert pixels == [pytest.approx(field, abs=30) for field in (bar, FIELDS[0], FIELDS[1], bar)]
    assert brightest_where_the_mark_is(watermarked) > 120


def test_m55_a_picture_that_is_turned_by_its_header_and_on_the_way_keeps_its_watermark(
    site: Site, folder: Path
) -> None:
    path = make(folder / "clip.mp4", "-i", turning(folder), "-c", "copy")

    watermarked = site.make(change(path, clips.matrix(*clips.QUARTER)))["watermarked"]

    assert (watermarked.meta["width"], watermarked.meta["height"]) == (180, 320)
    assert brightest_where_the_mark_is(watermarked) > 120
    # What lies now stands in the middle between two bars; red has come to the right.
    row = decoded(watermarked, "-ss", "3", "-frames:v", "1", "-vf", "format=rgb24", "-f", "rawvideo")
    pixels = [tuple(row[3 * (y * 180 + 130) : 3 * (y * 180 + 130) + 3]) for y in (20, 130, 190, 300)]
    bar = (0, 0, 0)
    assert pixels == [pytest.approx(field, abs=30) for field in (bar, FIELDS[0], FIELDS[1], bar)]


@pytest.mark.parametrize(
    ("matrix", "order"),
    [
        pytest.param(clips.QUARTER, (2, 0, 3, 1), id="by-a-quarter"),
        pytest.param((-1, 0, 0, -1), (3, 2, 1, 0), id="upside-down"),
        pytest.param((0, -1, 1, 0), (1, 3, 0, 2), id="by-three-quarters"),
        pytest.param((-1, 0, 0, 1), (1, 0, 3, 2), id="mirrored"),
        pytest.param((0, 1, 1, 0), (0, 2, 1, 3), id="mirrored-and-turned"),
    ],
)
def test_m66_a_picture_is_turned_and_mirrored_as_its_header_says(
    site: Site, folder: Path, matrix: tuple[int, int, int, int], order: tuple[int, ...]
) -> None:
    path = make(folder / "clip.mp4", *fields(seconds=1, rate=10), *X264)

    files = site.make(change(path, clips.matrix(*matrix)))

    expected = [pytest.approx(FIELDS[at], abs=24) for at in order]
    assert colours(files["resized"]) == expected
    assert colours(files["thumbnail"]) == expected
    # Else a player would turn what is upright already.
    assert "rotation" not in files["resized"].meta or files["resized"].meta["rotation"] == 0


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


def test_m57_the_clean_aperture_of_a_movie_is_what_is_shown(site: Site, folder: Path) -> None:
    path = make(folder / "clip.mp4", *fields("320x240"), *X264)

    # The upper half of the frame: red and lime alone, whose middle is 60 lines above that of the frame.
    files = site.make(change(path, clips.clean_aperture(320, 120, top=-60)))

    assert (files["watermarked"].meta["width"], files["watermarked"].meta["height"]) == (320, 120)
    red, lime, *below = colours(files["resized"])
    assert [red, lime, *below] == [pytest.approx(field, abs=24) for field in (*FIELDS[:2], *FIELDS[:2])]


def test_m57_the_crop_of_matroska_is_what_is_shown(site: Site, folder: Path) -> None:
    told = ["-vf", "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"]
    path = make(folder / "clip.mkv", *fields("320x240"), *told, *X264)

    files = site.make(change(path, clips.pixel_crop(0, 120)))

    assert files["watermarked"].meta["width"] / files["watermarked"].meta["height"] == pytest.approx(
        320 / 120, rel=0.03
    )
    assert colours(files["resized"])[2:] == [pytest.approx(field, abs=24) for field in FIELDS[:2]]


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
