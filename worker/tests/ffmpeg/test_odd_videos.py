"""M01: what cameras, browsers and old programs make, through the template this project ships.

Each clip shows four fields of one colour, red and green above blue and white, so that a picture that is
turned, mirrored or pale is noticed, and not just one of the wrong size.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.media.inspect.probe import probe

from .odd_clips import AAC, ODD, TEN_BIT, X264, Odd

if TYPE_CHECKING:
    from cattube_worker.media.process.tools import Tools
    from tests.ffmpeg.conftest import Bench

pytestmark = pytest.mark.ffmpeg


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory, tools: Tools) -> Callable[[Odd], Path]:
    folder = tmp_path_factory.mktemp("odd")

    def make(clip: Odd) -> Path:
        path = folder / f"{len(list(folder.iterdir()))}.{clip.ending}"
        _encode(tools, path, clip)
        if clip.change is not None:
            path.write_bytes(clip.change(path.read_bytes()))
        return path

    return make


def _encode(tools: Tools, path: Path, clip: Odd) -> None:
    inputs = ["-f", "lavfi", "-i", f"{four_fields(clip.size, clip.rate, clip.seconds)},{clip.picture}"]
    if clip.sound:
        tone = "|".join(["0.2*sin(880*PI*t)"] * clip.sound)
        inputs += ["-f", "lavfi", "-i", f"aevalsrc={tone}:d={clip.seconds}:s=48000"]
    ffmpeg(tools, *inputs, *clip.options, path)


def four_fields(size: str, rate: str, seconds: float) -> str:
    quarters = zip(("red", "lime", "blue", "white"), ("0:0", "iw/2:0", "0:ih/2", "iw/2:ih/2"), strict=True)
    boxes = ",".join(f"drawbox={at}:iw:ih:{colour}:fill" for colour, at in quarters)
    return f"color=s={size}:r={rate}:d={seconds},format=rgb24,{boxes}"


def ffmpeg(tools: Tools, *arguments: str | Path) -> bytes:
    command = [tools.ffmpeg, "-v", "error", "-nostdin", "-y", *arguments]
    return subprocess.run([*map(str, command)], check=True, capture_output=True).stdout


def made(bench: Bench, template: dict[str, Any], path: Path) -> dict[str, AssemblyFile]:
    """What people wait for, by step; the stream of such small clips has the same pictures once more."""
    files = [file for file in bench.run(template, bench.upload(path)) if file.step != "hls"]
    steps = sorted(file.step for file in files)
    assert steps == [":original", "resized", "storyboard", "thumbnail", "watermarked"]
    return {file.step: file for file in files}


def colours(tools: Tools, file: AssemblyFile) -> list[tuple[int, ...]]:
    """The middle of each quarter of the first picture, in reading order."""
    pixels = frame(tools, file, "scale=4:4:flags=area,format=rgb24")
    corners = [0, 3, 12, 15]
    return [tuple(pixels[3 * at : 3 * at + 3]) for at in corners]


def frame(tools: Tools, file: AssemblyFile, filters: str) -> bytes:
    return ffmpeg(tools, "-i", file.path or "", "-vf", filters, "-frames:v", "1", "-f", "rawvideo", "-")


def stream(bench: Bench, file: AssemblyFile) -> dict[str, Any]:
    assert file.path is not None
    document = probe(file.path, tools=bench.tools, limits=bench.limits)
    assert document is not None
    found: dict[str, Any] = document["streams"][0]
    return found


@pytest.mark.parametrize("clip", [pytest.param(clip, id=name) for name, clip in ODD.items()])
def test_m01_an_odd_but_valid_video_plays_everywhere(
    bench: Bench, template: dict[str, Any], odd: Callable[[Odd], Path], clip: Odd
) -> None:
    files = made(bench, template, odd(clip))

    for step in ("resized", "watermarked"):
        check_plays(files[step], clip)
    for step in ("resized", "thumbnail"):
        for seen, expected in zip(colours(bench.tools, files[step]), clip.colours, strict=True):
            assert seen == pytest.approx(expected, abs=24)


def check_plays(file: AssemblyFile, clip: Odd) -> None:
    assert file.path is not None
    meta = file.meta
    assert (meta["video_codec"], meta["pixel_format"]) == ("h264", "yuv420p")
    assert meta.get("color_range") != "pc"
    assert meta["rotation"] == 0
    assert not {"field_order", "sample_aspect_ratio"} & meta.keys()
    assert meta["framerate"] <= 60
    assert meta["width"] % 2 == meta["height"] % 2 == 0
    assert meta["width"] / meta["height"] == pytest.approx(clip.shown[0] / clip.shown[1], rel=0.03)
    assert meta["height"] == pytest.approx(clip.shown[1], abs=2)
    assert meta["duration"] == pytest.approx(clip.seconds, abs=0.25)
    assert meta["num_audio_streams"] == min(clip.sound, 1)
    if clip.sound:
        assert meta["audio_codec"] == "aac"
        assert meta["audio_channels"] == min(clip.sound, 2)
    movie = file.path.read_bytes()
    assert movie.index(b"moov") < movie.index(b"mdat")


@pytest.mark.parametrize("is_told_all", [True, False], ids=["told-all", "told-the-transfer-alone"])
@pytest.mark.parametrize(
    ("transfer", "paper"),
    [pytest.param("smpte2084", 573, id="pq"), pytest.param("arib-std-b67", 721, id="hlg")],
)
def test_m01_high_dynamic_range_becomes_ordinary_light(
    bench: Bench, template: dict[str, Any], tmp_path: Path, transfer: str, paper: int, is_told_all: bool
) -> None:
    """White paper, at 203 cd/m², is bright as SDR; the code value that PQ has for it would look grey."""
    path = tmp_path / "hdr.mp4"
    light = f"color=s=160x120:d=0.4,format=yuv420p10le,lutyuv=y={paper}:u=512:v=512"
    told = {"color_trc": transfer} | (
        {"color_primaries": "bt2020", "colorspace": "bt2020nc"} if is_told_all else {}
    )
    # Frames and encoder alike: releases differ in which of the two is believed.
    frames = "setparams=" + ":".join(f"{key}={value}" for key, value in told.items())
    encoder = [word for key, value in told.items() for word in (f"-{key}", value)]
    ffmpeg(bench.tools, "-f", "lavfi", "-i", f"{light},{frames}", *TEN_BIT, *encoder, path)

    files = made(bench, template, path)

    (luma, *_) = frame(bench.tools, files["resized"], "scale=1:1:flags=area,format=gray")
    assert 160 < luma < 250
    video = stream(bench, files["resized"])
    assert {video["color_primaries"], video["color_transfer"], video["color_space"]} == {"bt709"}
    assert files["resized"].meta["pixel_format"] == "yuv420p"


def test_m01_two_fields_of_a_frame_do_not_tear_it(
    bench: Bench, template: dict[str, Any], tmp_path: Path
) -> None:
    """Three shades, fifty times a second, woven into frames: every other line is of another moment."""
    path = tmp_path / "torn.mp4"
    blinking = "color=black:s=160x120:r=50:d=0.8,geq=lum='40+mod(N,3)*80':cb=128:cr=128"
    woven = f"{blinking},tinterlace=interleave_top,setfield=tff"
    ffmpeg(bench.tools, "-f", "lavfi", "-i", woven, *X264, "-x264-params", "interlaced=1:tff=1", path)

    files = made(bench, template, path)

    column = frame(bench.tools, files["resized"], "select='eq(n,5)',format=gray,crop=1:40:20:40")
    assert max(column) - min(column) < 30


def test_m01_a_recording_of_a_browser_has_no_length_until_it_is_made(
    bench: Bench, template: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "recorded.webm"
    clip = Odd(ending="webm", options=["-c:v", "libvpx", "-deadline", "realtime", "-b:v", "1M"], sound=0)
    fields = four_fields(clip.size, clip.rate, clip.seconds)
    path.write_bytes(ffmpeg(bench.tools, "-f", "lavfi", "-i", fields, *clip.options, "-f", "webm", "pipe:1"))

    files = made(bench, template, path)

    assert "duration" not in files[":original"].meta
    check_plays(files["watermarked"], clip)


def test_m01_one_frame_is_a_video(bench: Bench, template: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "one.mp4"
    fields = four_fields("160x120", "25", 0.04)
    ffmpeg(bench.tools, "-f", "lavfi", "-i", fields, "-frames:v", "1", *X264, path)

    files = made(bench, template, path)

    check_plays(files["watermarked"], Odd(ending="mp4", options=[], sound=0, seconds=0.04))


def test_m01_what_an_edit_list_leaves_out_stays_out(
    bench: Bench, template: dict[str, Any], tmp_path: Path
) -> None:
    """Cut without encoding: the frames since the key frame are there, and are not to be shown."""
    whole, cut = tmp_path / "whole.mp4", tmp_path / "cut.mp4"
    early, late = (f"color={colour}:s=160x120:r=25:d=0.6" for colour in ("red", "blue"))
    tone = ["-f", "lavfi", "-i", "sine=d=1.2"]
    joined = ["-f", "lavfi", "-i", f"{early}[a];{late}[b];[a][b]concat", *tone]
    ffmpeg(
        bench.tools,
        *joined,
        "-c:v",
        "libx264",
        "-pix_fmt",
        "yuv420p",
        "-g",
        "250",
        "-sc_threshold",
        "0",
        *AAC,
        whole,
    )
    ffmpeg(bench.tools, "-ss", "0.7", "-i", whole, "-c", "copy", cut)

    files = made(bench, template, cut)

    check_plays(files["resized"], Odd(ending="mp4", options=[], seconds=0.5))
    assert colours(bench.tools, files["resized"])[0] == pytest.approx((0, 0, 255), abs=24)


def test_m01_of_several_sounds_the_first_is_kept(
    bench: Bench, template: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "languages.mkv"
    inputs = ["-f", "lavfi", "-i", four_fields("160x120", "25", 0.8)]
    inputs += [
        "-f",
        "lavfi",
        "-i",
        "aevalsrc=0.5*sin(880*PI*t):d=0.8",
        "-f",
        "lavfi",
        "-i",
        "anullsrc",
        "-shortest",
    ]
    ffmpeg(bench.tools, *inputs, "-map", "0", "-map", "1", "-map", "2", *X264, *AAC, path)

    files = made(bench, template, path)

    check_plays(files["watermarked"], Odd(ending="mp4", options=[]))
    samples = ffmpeg(bench.tools, "-i", files["watermarked"].path or "", "-f", "s8", "-ac", "1", "-")
    assert max(samples[len(samples) // 2 :]) > 30


def test_m01_sound_that_begins_later_still_does(
    bench: Bench, template: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "late-sound.mkv"
    inputs = ["-f", "lavfi", "-i", four_fields("160x120", "25", 1), "-itsoffset", "0.5"]
    inputs += ["-f", "lavfi", "-i", "aevalsrc=0.5*sin(880*PI*t):d=0.5:s=48000"]
    ffmpeg(bench.tools, *inputs, *X264, "-c:a", "pcm_s16le", path)

    files = made(bench, template, path)

    command = [
        "-i",
        files["resized"].path or "",
        "-af",
        "aresample=async=1:first_pts=0",
        "-f",
        "s8",
        "-ac",
        "1",
        "-",
    ]
    samples = ffmpeg(bench.tools, *command)
    loud = next(index for index, sample in enumerate(samples) if 20 < sample < 128)
    assert loud / 48000 == pytest.approx(0.5, abs=0.06)


def test_frames_that_came_as_they_liked_come_evenly(
    bench: Bench, template: dict[str, Any], odd: Callable[[Odd], Path]
) -> None:
    files = made(bench, template, odd(ODD["frames-as-they-come"]))

    path = files["watermarked"].path or ""
    as_they_come = ["-vf", "scale=2:2,format=gray", "-fps_mode", "passthrough", "-f", "rawvideo", "-"]
    assert len(ffmpeg(bench.tools, "-i", path, *as_they_come)) // 4 >= 15  # there were 8 until then
