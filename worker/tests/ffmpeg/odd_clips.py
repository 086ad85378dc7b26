"""Clips as cameras, browsers and old programs make them, and what is to become of each."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass

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
