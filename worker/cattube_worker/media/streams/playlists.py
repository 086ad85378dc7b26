"""HLS playlists: what one says about its segments, and the one that offers several renditions. Pure.

Source: RFC 8216, "HTTP Live Streaming".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cattube_worker.media.geometry import Size


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One piece of a rendition. size_bytes: measured on the file, not promised by an encoder.

    start_byte: where it begins in a file that holds other pieces too; None: it is a file of its own.
    """

    uri: str
    duration_seconds: float
    size_bytes: int = 0
    start_byte: int | None = None


@dataclass(frozen=True, kw_only=True)
class Rendition:
    """One line of choice in a master playlist. uri: of its own playlist, relative to the master.

    size: None for sound alone. codecs: as RFC 6381 writes them; "" leaves them out.
    """

    uri: str
    name: str
    segments: Sequence[Segment]
    size: Size | None = None
    frames_per_second: float | None = None
    codecs: str = ""

    @property
    def peak_bps(self) -> int:
        """The most bits per second that any of its segments asks for; the last, short one hardly counts."""
        whole = [each for each in self.segments if each.duration_seconds >= 1] or list(self.segments)
        return max((_bps(each.size_bytes, each.duration_seconds) for each in whole), default=1)

    @property
    def average_bps(self) -> int:
        return _bps(sum(each.size_bytes for each in self.segments), self.duration_seconds)

    @property
    def duration_seconds(self) -> float:
        return sum(each.duration_seconds for each in self.segments)


def read_segments(playlist: str) -> list[Segment]:
    """The segments of a media playlist, in order; their sizes are not in it."""
    segments, seconds = [], 0.0
    for line in playlist.splitlines():
        if line.startswith("#EXTINF:"):
            seconds = float(line.removeprefix("#EXTINF:").partition(",")[0])
        elif line and not line.startswith("#"):
            segments.append(Segment(uri=line, duration_seconds=seconds))
    return segments


def media_playlist(segments: Sequence[Segment], *, header_uri: str, header_bytes: int | None = None) -> str:
    """The playlist of a rendition in fragmented MP4, which is all there already.

    header_uri: the file that comes before any segment. header_bytes: as many of it do; None: all.
    It tells no time of day: when the video was cut means nothing to whoever watches it.
    """
    longest = max((each.duration_seconds for each in segments), default=0)
    header = f'URI="{header_uri}"' + ("" if header_bytes is None else f',BYTERANGE="{header_bytes}@0"')
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{max(1, math.floor(longest + 0.5))}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        f"#EXT-X-MAP:{header}",
    ]
    for each in segments:
        lines.append(f"#EXTINF:{each.duration_seconds:.6f},")
        if each.start_byte is not None:
            lines.append(f"#EXT-X-BYTERANGE:{each.size_bytes}@{each.start_byte}")
        lines.append(each.uri)
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"


def master_playlist(
    renditions: Sequence[Rendition],
    *,
    sounds: Sequence[Rendition] = (),
    may_have_captions: bool = True,
    version: int = 3,
) -> str:
    """The playlist a player opens: best rendition first, so that none starts with the poorest.

    sounds: play beside whichever rendition is chosen. may_have_captions: within the pictures.
    """
    lines = ["#EXTM3U", f"#EXT-X-VERSION:{version}", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for index, sound in enumerate(sounds):
        default = "YES" if index == 0 else "NO"
        lines.append(
            f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="{_quoted(sound.name)}",'
            f'DEFAULT={default},AUTOSELECT=YES,URI="{sound.uri}"'
        )
    for each in sorted(renditions, key=lambda one: one.peak_bps, reverse=True):
        lines += [_stream(each, sounds, may_have_captions), each.uri]
    return "\n".join(lines) + "\n"


def avc_codec(data: bytes) -> str:
    """H.264's name with profile and level ("avc1.64001f"), found in a segment or its header; "" when not.

    In MP4 they follow "avcC" and a version byte; in MPEG-TS they open the sequence parameter set.
    """
    at = data.find(b"avcC")
    start = at + 5 if at >= 0 else -1
    if start < 0:
        for mark in (b"\0\0\1\x67", b"\0\0\1\x27"):
            found = data.find(mark)
            if found >= 0:
                start = found + 4
                break
    three = data[start : start + 3] if start >= 0 else b""
    return f"avc1.{three.hex()}" if len(three) == 3 else ""


def _stream(rendition: Rendition, sounds: Sequence[Rendition], may_have_captions: bool) -> str:
    beside = max((each.peak_bps for each in sounds), default=0)
    average = max((each.average_bps for each in sounds), default=0)
    words = [
        f"BANDWIDTH={rendition.peak_bps + beside}",
        f"AVERAGE-BANDWIDTH={rendition.average_bps + average}",
    ]
    codecs = list(dict.fromkeys(each.codecs for each in (rendition, *sounds) if each.codecs))
    if rendition.codecs:
        words.append(f'CODECS="{",".join(codecs)}"')
    if rendition.size:
        words.append(f"RESOLUTION={rendition.size.width}x{rendition.size.height}")
    if rendition.frames_per_second:
        words.append(f"FRAME-RATE={rendition.frames_per_second:.3f}")
    if sounds:
        words.append('AUDIO="audio"')
    if rendition.size and not may_have_captions:
        words.append("CLOSED-CAPTIONS=NONE")
    return "#EXT-X-STREAM-INF:" + ",".join(words)


def _bps(size_bytes: int, seconds: float) -> int:
    return max(1, round(size_bytes * 8 / seconds)) if seconds > 0 else 1


def _quoted(name: str) -> str:
    return "".join(character for character in name if character.isprintable() and character != '"')
