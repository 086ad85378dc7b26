"""One file of each odd kind that people have: it plays here with its shape, length, colours and sound."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from .clips import AAC, FIELDS, X264, change, fields, make, tone
from .conftest import Site, colours, lengths

pytestmark = pytest.mark.ffmpeg

PLAIN = [*X264, *AAC]
ALL = ["-map", "0", "-map", "1"]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of file and what is to come of it. colours: of its fields, near enough; None: not looked at."""

    name: str
    options: Sequence[str]
    inputs: Sequence[str] = (*fields(), *tone())
    how: Callable[[bytearray], bytes | bytearray] | None = None
    size: tuple[int, int] = (320, 180)
    seconds: float = 2
    sounds: int = 1
    fields: tuple[tuple[int, ...], ...] | None = FIELDS


def behind_an_id3_tag(movie: bytearray) -> bytes:
    return b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + movie


def with_free_room(movie: bytearray) -> bytes:
    """A box of free room in front of all; times and places in an index do not count it."""
    kinds = [b"stco"]
    added = 4096
    for kind in kinds:
        at = movie.find(kind)
        while at >= 0:
            (count,) = struct.unpack_from(">I", movie, at + 8)
            for index in range(count):
                place = at + 12 + 4 * index
                struct.pack_into(">I", movie, place, struct.unpack_from(">I", movie, place)[0] + added)
            at = movie.find(kind, at + 4)
    head = struct.unpack_from(">I", movie)[0]
    return bytes(movie[:head]) + struct.pack(">I4s", added, b"free") + bytes(added - 8) + bytes(movie[head:])


def open_ended(movie: bytearray) -> bytearray:
    """The last box, which holds the media, says that it goes on to the end of the file."""
    at = movie.rfind(b"mdat")
    struct.pack_into(">I", movie, at - 4, 0)
    return movie


GREY = tuple((level,) * 3 for level in (76, 150, 29, 226))

KINDS = [
    Kind(name="several-tracks.mov", options=[*ALL, *PLAIN, "-timecode", "01:00:00:00"]),
    Kind(
        name="one-frame-a-second.mp4",
        inputs=[*fields(rate=1, seconds=4), *tone(seconds=4)],
        options=PLAIN,
        seconds=4,
    ),
    Kind(
        name="240-frames-a-second.mp4",
        inputs=[*fields(rate=240, seconds=1), *tone(seconds=1)],
        options=PLAIN,
        seconds=1,
    ),
    Kind(name="phone.mp4", options=["-vf", "setpts='(N+0.4*mod(N,3))/25/TB'", "-fps_mode", "vfr", *PLAIN]),
    Kind(
        name="top-field-first.ts",
        options=["-vf", "interlace,format=yuv420p", *X264, "-flags", "+ilme+ildct", "-c:a", "mp2"],
    ),
    Kind(
        name="bottom-field-first.mov",
        options=[
            "-vf", "interlace=scan=bff,format=yuv420p", *X264, "-flags", "+ilme+ildct",
            "-x264-params", "bff=1", *AAC,
        ],
    ),
    Kind(name="422.mov", options=[*X264[:-4], "-pix_fmt", "yuv422p", *AAC]),
    Kind(name="444-ten-bit.mkv", options=[*X264[:-4], "-pix_fmt", "yuv444p10le", *AAC]),
    Kind(
        name="twelve-bit.mkv",
        options=[
            "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none",
            "-pix_fmt", "yuv420p12le", *AAC,
        ],
    ),
    Kind(name="grey.mp4", options=[*X264[:-4], "-pix_fmt", "gray", *AAC], fields=GREY),
    Kind(
        name="prores-4444.mov",
        options=["-c:v", "prores_ks", "-profile:v", "4444", "-pix_fmt", "yuva444p10le", "-c:a", "pcm_s24le"],
    ),
    Kind(name="animation.mov", options=["-c:v", "qtrle", "-pix_fmt", "argb", "-c:a", "pcm_s16be"]),
    Kind(
        name="alpha.webm",
        options=[
            "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-pix_fmt", "yuva420p",
            "-c:a", "libopus",
        ],
    ),
    Kind(
        name="one-pixel.mkv",
        inputs=fields("16x16", seconds=1),
        options=["-vf", "crop=1:1:0:0:exact=1", "-c:v", "ffv1", "-pix_fmt", "gbrp"],
        size=(2, 2),
        seconds=1,
        sounds=0,
        fields=None,
    ),
    Kind(
        name="three-by-five.mkv",
        inputs=fields("16x16", seconds=1),
        options=["-vf", "crop=3:5:0:0:exact=1", "-c:v", "ffv1", "-pix_fmt", "gbrp"],
        size=(4, 4),
        seconds=1,
        sounds=0,
        fields=None,
    ),
    Kind(
        name="oblong-pixels.avi",
        inputs=[*fields("180x144"), *tone()],
        options=["-vf", "setsar=64/45", "-c:v", "mpeg4", "-q:v", "2", "-c:a", "mp2"],
        size=(256, 144),
    ),
    Kind(name="shape-of-0-to-0.mp4", options=["-vf", "setsar=0", *PLAIN]),
    Kind(
        name="av1.webm",
        inputs=[*fields(seconds=1), *tone(seconds=1)],
        options=["-c:v", "libsvtav1", "-preset", "12", "-pix_fmt", "yuv420p", "-c:a", "libopus"],
        seconds=1,
    ),
    Kind(name="dvd.vob", options=["-c:v", "mpeg2video", "-q:v", "2", "-c:a", "ac3"]),
    Kind(
        name="camcorder.dv",
        inputs=[*fields("720x576"), *tone()],
        options=[
            "-c:v", "dvvideo", "-vf", "setsar=16/15", "-pix_fmt", "yuv420p", "-c:a", "pcm_s16le", "-ac",
            "2"
        ],
        size=(768, 576),
        fields=FIELDS,
    ),
    Kind(name="windows.wmv", options=["-c:v", "wmv2", "-q:v", "2", "-c:a", "wmav2"]),
    Kind(
        name="real.rm", options=["-c:v", "rv20", "-q:v", "2", "-c:a", "ac3", "-s", "352x288"], size=(352, 288)
    ),
    Kind(name="opus.mp4", options=[*X264, "-c:a", "libopus"]),
    Kind(name="lossless-sound.mp4", options=[*X264, "-c:a", "alac"]),
    Kind(name="surround.mp4", inputs=[*fields(), *tone(channels=6)], options=[*X264, "-c:a", "ac3"]),
    Kind(name="flash.flv", options=["-c:v", "flv1", "-q:v", "2", "-c:a", "mp3", "-ar", "44100"]),
    # Frames that are like the ones before are empty, and ffmpeg 5.1 leaves them out: so it has key frames.
    Kind(name="theora.ogv", options=["-c:v", "libtheora", "-q:v", "10", "-g", "5", "-c:a", "libvorbis"]),
    Kind(name="animated.gif", inputs=fields(rate=10), options=[], sounds=0),
    Kind(name="animated.apng", inputs=fields(rate=10), options=["-plays", "0"], sounds=0),
    Kind(name="raw.h264", inputs=fields(), options=[*X264, "-f", "h264"], sounds=0),
    Kind(
        name="negative-times.mkv",
        options=[*PLAIN, "-output_ts_offset", "-1", "-avoid_negative_ts", "disabled"],
    ),
    Kind(
        name="late-video.mp4",
        inputs=["-itsoffset", "1", *fields(), *tone(seconds=3)],
        options=PLAIN,
        seconds=3,
        fields=None,
    ),
    Kind(name="id3-in-front.ts", options=PLAIN, how=behind_an_id3_tag),
    Kind(name="free-room.mp4", options=[*PLAIN, "-movflags", "0"], how=with_free_room),
    Kind(name="открытый-конец-終わり-🎬.mp4", options=[*PLAIN, "-movflags", "+faststart"], how=open_ended),
    Kind(
        name="two-programmes.ts",
        inputs=[*fields(), *tone(), *fields("160x120"), *tone(880)],
        options=[
            "-map", "0", "-map", "1", "-map", "2", "-map", "3", *X264, "-c:a", "mp2",
            "-program", "title=a:st=0:st=1", "-program", "title=b:st=2:st=3",
        ],
        sounds=2,
    ),
    Kind(
        name="cover-first.mkv",
        inputs=[*fields("100x100", rate=1, seconds=1), *fields(), *tone()],
        options=[
            "-map", "0", "-map", "1", "-map", "2", "-c:v:0", "mjpeg",
            *[option.replace("-c:v", "-c:v:1") for option in X264], *AAC,
            "-disposition:v:0", "attached_pic+default",
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name.encode("ascii", "ignore").decode())
def test_m68_a_file_of_any_kind_plays_as_on_its_owners_machine(site: Site, folder: Path, kind: Kind) -> None:
    path = make(folder / kind.name, *kind.inputs, *kind.options)
    files = site.make(change(path, kind.how) if kind.how else path)

    watermarked = files["watermarked"]
    meta: dict[str, Any] = watermarked.meta
    assert (meta["width"], meta["height"]) == kind.size
    assert meta["num_audio_streams"] == min(kind.sounds, 1)
    for seconds in lengths(watermarked).values():
        assert seconds == pytest.approx(kind.seconds, abs=0.35)
    if kind.fields is not None:
        expected = [pytest.approx(field, abs=26) for field in kind.fields]
        assert colours(files["resized"]) == expected
    assert site.warnings == []
