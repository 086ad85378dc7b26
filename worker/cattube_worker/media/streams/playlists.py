"""HLS playlists: those of one rendition, and the master playlist of several. Pure.

Source: RFC 8216, "HTTP Live Streaming".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cattube_worker.media.geometry import Size

# Marks before the profile of H.264, and the distance from their start to it.
_PROFILE_MARKS = ((b"avcC", 5), (b"\0\0\1\x67", 4), (b"\0\0\1\x27", 4))

_SHORTEST_END_SECONDS = 0.5


@dataclass(frozen=True, kw_only=True)
class Segment:
    """Segment of a rendition. size_bytes: of the file, not as announced by an encoder.

    start_byte: where it begins in a file that holds other segments too; None: it is a file of its own.
    """

    uri: str
    duration_seconds: float
    size_bytes: int = 0
    start_byte: int | None = None


@dataclass(frozen=True, kw_only=True)
class Rendition:
    """Rendition in a master playlist. uri: of its own playlist, relative to the master.

    size: None for audio alone. codecs: as RFC 6381 writes them; "" leaves them out.
    """

    uri: str
    name: str
    segments: Sequence[Segment]
    size: Size | None = None
    frames_per_second: float | None = None
    codecs: str = ""

    @property
    def peak_bps(self) -> int:
        """Most bits per second of any of its segments; one shorter than a second does not count."""
        long = [segment for segment in self.segments if segment.duration_seconds >= 1]
        return max(
            (_bps(segment.size_bytes, segment.duration_seconds) for segment in long or self.segments),
            default=1,
        )

    @property
    def average_bps(self) -> int:
        return _bps(sum(segment.size_bytes for segment in self.segments), self.duration_seconds)

    @property
    def duration_seconds(self) -> float:
        return sum(segment.duration_seconds for segment in self.segments)


def read_segments(playlist: str) -> list[Segment]:
    """Segments of a media playlist, in order; their sizes are not in it."""
    segments, seconds = [], 0.0
    for line in playlist.splitlines():
        if line.startswith("#EXTINF:"):
            seconds = float(line.removeprefix("#EXTINF:").partition(",")[0])
        elif line and not line.startswith("#"):
            segments.append(Segment(uri=line, duration_seconds=seconds))
    return segments


def without_short_end(segments: Sequence[Segment]) -> list[Segment]:
    """The same segments of one file, with a last one that is very short made part of the one before.

    hls.js takes what is shorter than a quarter of a second for buffered already: play would stand still in
    front of it, and never come to its end. Sound is often longer than its video by a few milliseconds.
    """
    if len(segments) < 2 or segments[-1].duration_seconds >= _SHORTEST_END_SECONDS:
        return list(segments)
    *others, before, last = segments
    if before.start_byte is None or before.start_byte + before.size_bytes != last.start_byte:
        return list(segments)
    whole = replace(
        before,
        duration_seconds=before.duration_seconds + last.duration_seconds,
        size_bytes=before.size_bytes + last.size_bytes,
    )
    return [*others, whole]


def media_playlist(segments: Sequence[Segment], *, header_uri: str, header_bytes: int | None = None) -> str:
    """Media playlist of a complete rendition in fragmented MP4.

    header_uri: the file that comes before any segment. header_bytes: of its beginning; None: all of it.
    It has no time of day: when the video was segmented means nothing to a viewer.
    """
    longest = max((segment.duration_seconds for segment in segments), default=0)
    header = f'URI="{header_uri}"' + ("" if header_bytes is None else f',BYTERANGE="{header_bytes}@0"')
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{max(1, math.floor(longest + 0.5))}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        f"#EXT-X-MAP:{header}",
    ]
    for segment in segments:
        lines.append(f"#EXTINF:{segment.duration_seconds:.6f},")
        if segment.start_byte is not None:
            lines.append(f"#EXT-X-BYTERANGE:{segment.size_bytes}@{segment.start_byte}")
        lines.append(segment.uri)
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"


def master_playlist(
    renditions: Sequence[Rendition],
    *,
    sounds: Sequence[Rendition] = (),
    may_have_captions: bool = True,
    version: int = 3,
) -> str:
    """Master playlist, which a player opens: best rendition first, so that none starts with the poorest.

    sounds: audio renditions, played with any of the others. may_have_captions: within the video.
    """
    lines = ["#EXTM3U", f"#EXT-X-VERSION:{version}", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for index, sound in enumerate(sounds):
        default = "YES" if index == 0 else "NO"
        lines.append(
            f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="{_quoted(sound.name)}",'
            f'DEFAULT={default},AUTOSELECT=YES,URI="{sound.uri}"'
        )
    for rendition in sorted(renditions, key=lambda rendition: rendition.peak_bps, reverse=True):
        lines += [_stream_inf(rendition, sounds, may_have_captions), rendition.uri]
    return "\n".join(lines) + "\n"


def avc_codec(data: bytes) -> str:
    """H.264 as RFC 6381 names it, such as "avc1.64001f", from a segment or its header; "" for none.

    In MP4 profile and level follow "avcC" and a version byte; in MPEG-TS they open the parameter set.
    """
    for mark, length in _PROFILE_MARKS:
        position = data.find(mark)
        if position >= 0:
            profile = data[position + length : position + length + 3]
            return f"avc1.{profile.hex()}" if len(profile) == 3 else ""
    return ""


def _stream_inf(rendition: Rendition, sounds: Sequence[Rendition], may_have_captions: bool) -> str:
    sound_peak = max((sound.peak_bps for sound in sounds), default=0)
    sound_average = max((sound.average_bps for sound in sounds), default=0)
    attributes = [
        f"BANDWIDTH={rendition.peak_bps + sound_peak}",
        f"AVERAGE-BANDWIDTH={rendition.average_bps + sound_average}",
    ]
    codecs = list(dict.fromkeys(stream.codecs for stream in (rendition, *sounds) if stream.codecs))
    if rendition.codecs:
        attributes.append(f'CODECS="{",".join(codecs)}"')
    if rendition.size:
        attributes.append(f"RESOLUTION={rendition.size.width}x{rendition.size.height}")
    if rendition.frames_per_second:
        attributes.append(f"FRAME-RATE={rendition.frames_per_second:.3f}")
    if sounds:
        attributes.append('AUDIO="audio"')
    if rendition.size and not may_have_captions:
        attributes.append("CLOSED-CAPTIONS=NONE")
    return "#EXT-X-STREAM-INF:" + ",".join(attributes)


def _bps(size_bytes: int, seconds: float) -> int:
    return max(1, round(size_bytes * 8 / seconds)) if seconds > 0 else 1


def _quoted(name: str) -> str:
    return "".join(character for character in name if character.isprintable() and character != '"')
