"""M01: what cameras, browsers and old programs make, through the template this project ships.

Each clip shows four fields of one colour, red and green above blue and white, so that a picture that is
turned, mirrored or pale is noticed, and not just one of the wrong size.
"""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.media.inspect.probe import probe

if TYPE_CHECKING:
    from cattube_worker.media.process.tools import Tools
    from tests.ffmpeg.conftest import Bench

pytestmark = pytest.mark.ffmpeg

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
UPRIGHT = (RED, GREEN, BLUE, WHITE)

X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
AAC = ["-c:a", "aac"]
TEN_BIT = [*X264[:-1], "yuv420p10le"]

Change = Callable[[bytes], bytes]


@dataclass(frozen=True, kw_only=True)
class Odd:
    """A clip and what is to become of it.

    picture: filters over the four fields. sound: channels to make, 0 for none. options: how both are encoded.
    change: what is done to the finished file. shown, colours, seconds: as people see it.
    """

    ending: str
    options: Sequence[str]
    size: str = "160x120"
    rate: str = "25"
    picture: str = "null"
    sound: int = 1
    change: Change | None = None
    shown: tuple[int, int] = (160, 120)
    colours: tuple[tuple[int, int, int], ...] = UPRIGHT
    seconds: float = 0.8


def _matrix(*values: int) -> Change:
    """Writes a display matrix into the header of the first track."""

    def change(movie: bytes) -> bytes:
        at = movie.index(b"tkhd") + 4 + 40
        return movie[:at] + struct.pack(">9i", *values) + movie[at + 36 :]

    return change


_ONE, _W = 0x10000, 0x40000000
_QUARTER = _matrix(0, _ONE, 0, -_ONE, 0, 0, 120 << 16, 0, _W)
_HALF = _matrix(-_ONE, 0, 0, 0, -_ONE, 0, 160 << 16, 120 << 16, _W)
_THREE_QUARTERS = _matrix(0, -_ONE, 0, _ONE, 0, 0, 0, 160 << 16, _W)
_MIRROR = _matrix(-_ONE, 0, 0, 0, _ONE, 0, 160 << 16, 0, _W)

ODD = {
    "turned-by-a-quarter": Odd(
        ending="mp4",
        options=[*X264, *AAC],
        change=_QUARTER,
        shown=(120, 160),
        colours=(BLUE, RED, WHITE, GREEN),
    ),
    "turned-by-a-half": Odd(
        ending="mp4", options=[*X264, *AAC], change=_HALF, colours=(WHITE, BLUE, GREEN, RED)
    ),
    "turned-by-three-quarters": Odd(
        ending="mov",
        options=[*X264, *AAC],
        change=_THREE_QUARTERS,
        shown=(120, 160),
        colours=(GREEN, WHITE, RED, BLUE),
    ),
    "mirrored": Odd(ending="mp4", options=[*X264, *AAC], change=_MIRROR, colours=(GREEN, RED, WHITE, BLUE)),
    "turned-and-odd-in-size": Odd(
        ending="mp4",
        size="161x119",
        options=[*X264[:-1], "yuv444p", *AAC],
        change=_QUARTER,
        shown=(118, 160),
        colours=(BLUE, RED, WHITE, GREEN),
    ),
    "wide-pixels": Odd(ending="mp4", picture="setsar=4/3", options=[*X264, *AAC], shown=(214, 120)),
    "narrow-pixels": Odd(ending="mkv", picture="setsar=8/9", options=[*X264, *AAC], shown=(142, 120)),
    "pal-widescreen-dv-like": Odd(
        ending="avi",
        picture="setsar=64/45",
        options=["-c:v", "mpeg4", "-q:v", "3", "-c:a", "mp2"],
        shown=(228, 120),
    ),
    "ten-bit-h264": Odd(ending="mkv", options=[*TEN_BIT, *AAC]),
    "ten-bit-hevc": Odd(
        ending="mp4",
        options=["-c:v", "libx265", "-x265-params", "log-level=error", "-pix_fmt", "yuv420p10le", *AAC],
    ),
    "ten-bit-full-range-hevc": Odd(
        ending="mp4",
        picture="scale=out_range=pc,format=yuv420p10le",
        options=["-c:v", "libx265", "-x265-params", "log-level=error:range=full", "-color_range", "pc", *AAC],
    ),
    "ten-bit-vp9": Odd(
        ending="webm",
        options=["-c:v", "libvpx-vp9", "-deadline", "realtime", "-pix_fmt", "yuv420p10le", "-c:a", "libopus"],
    ),
    "prores-4-2-2": Odd(
        ending="mov", options=["-c:v", "prores_ks", "-pix_fmt", "yuv422p10le", "-c:a", "pcm_s16le"]
    ),
    "prores-4-4-4-4-with-alpha": Odd(
        ending="mov", options=["-c:v", "prores_ks", "-profile:v", "4", "-pix_fmt", "yuva444p10le"], sound=0
    ),
    "four-four-four": Odd(ending="mp4", options=[*X264[:-1], "yuv444p", *AAC]),
    "four-two-two": Odd(ending="mp4", options=[*X264[:-1], "yuv422p", *AAC]),
    "grey": Odd(
        ending="mp4",
        options=[*X264[:-1], "gray", *AAC],
        colours=((76, 76, 76), (150, 150, 150), (29, 29, 29), WHITE),
    ),
    "lossless-rgb": Odd(ending="mp4", options=["-c:v", "libx264rgb", "-qp", "0", *AAC]),
    "quicktime-with-alpha": Odd(ending="mov", options=["-c:v", "qtrle", "-pix_fmt", "argb"], sound=0),
    "png-with-alpha": Odd(ending="mkv", options=["-c:v", "png", "-pix_fmt", "rgba"], sound=0),
    "uncompressed-bgra": Odd(ending="avi", options=["-c:v", "rawvideo", "-pix_fmt", "bgra"], sound=0),
    "full-range-h264": Odd(
        ending="mp4", picture="scale=out_range=pc,format=yuvj420p", options=[*X264[:-1], "yuvj420p", *AAC]
    ),
    "motion-jpeg": Odd(
        ending="avi",
        picture="scale=out_range=pc,format=yuvj422p",
        options=["-c:v", "mjpeg", "-q:v", "3", "-pix_fmt", "yuvj422p", "-c:a", "pcm_u8"],
    ),
    "interlaced-h264": Odd(ending="mp4", options=[*X264, "-x264-params", "interlaced=1:tff=1", *AAC]),
    "interlaced-mpeg2": Odd(
        ending="ts",
        picture="setfield=tff",
        options=["-c:v", "mpeg2video", "-q:v", "3", "-flags", "+ilme+ildct", "-c:a", "mp2"],
    ),
    "frames-as-they-come": Odd(
        ending="mkv", picture="select='not(mod(n,7))+lt(n,6)'", options=["-fps_mode", "vfr", *X264, *AAC]
    ),
    "a-hundred-and-twenty-frames": Odd(ending="mp4", rate="120", options=[*X264, *AAC]),
    "two-frames-a-second": Odd(ending="mp4", rate="2", options=[*X264, *AAC], seconds=1),
    "odd-size": Odd(
        ending="mkv", size="161x121", options=["-c:v", "ffv1", "-pix_fmt", "yuv444p", "-c:a", "flac"]
    ),
    "small": Odd(ending="mp4", size="64x48", options=[*X264, *AAC], shown=(64, 48)),
    "a-narrow-strip": Odd(ending="mp4", size="320x32", options=[*X264, *AAC], shown=(320, 32)),
    "no-sound": Odd(ending="mp4", options=X264, sound=0),
    "surround-aac": Odd(ending="mp4", sound=6, options=[*X264, *AAC]),
    "surround-ac3": Odd(ending="mkv", sound=6, options=[*X264, "-c:a", "ac3"]),
    "eight-channels-pcm": Odd(ending="mkv", sound=8, options=[*X264, "-c:a", "pcm_s24le"]),
    "sound-of-eight-kilohertz": Odd(ending="mov", options=[*X264, "-c:a", "pcm_s16be", "-ar", "8000"]),
    "sound-of-ninety-six-kilohertz": Odd(ending="mkv", options=[*X264, "-c:a", "flac", "-ar", "96000"]),
    "old-avi": Odd(ending="avi", options=["-c:v", "mpeg4", "-q:v", "3", "-c:a", "libmp3lame"]),
    "flash": Odd(ending="flv", options=["-c:v", "flv1", "-q:v", "3", "-c:a", "libmp3lame", "-ar", "44100"]),
    "theora": Odd(ending="ogv", options=["-c:v", "libtheora", "-q:v", "8", "-c:a", "libvorbis"]),
    "windows-media": Odd(ending="wmv", options=["-c:v", "wmv2", "-q:v", "3", "-c:a", "wmav2"]),
    "old-phone": Odd(
        ending="3gp", size="176x144", options=["-c:v", "mpeg4", "-q:v", "3", *AAC], shown=(176, 144)
    ),
    "mpeg-program": Odd(ending="mpg", options=["-c:v", "mpeg1video", "-q:v", "3", "-c:a", "mp2"]),
    "transport-stream": Odd(ending="ts", options=[*X264, *AAC]),
    "webm-vp8": Odd(
        ending="webm", options=["-c:v", "libvpx", "-deadline", "realtime", "-b:v", "1M", "-c:a", "libvorbis"]
    ),
    "fragmented": Odd(ending="mp4", options=[*X264, *AAC, "-movflags", "+frag_keyframe+empty_moov"]),
    "open-groups-and-b-frames": Odd(
        ending="mkv", options=["-c:v", "libx264", "-g", "8", "-bf", "3", "-x264-params", "open-gop=1", *AAC]
    ),
    "starts-late": Odd(ending="mkv", options=[*X264, *AAC, "-output_ts_offset", "5"]),
}


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
