"""Frames of an MP4 or QuickTime file, as its index lists them: when each is shown, and which are key frames.

Source: ISO/IEC 14496-12, "Sample Table Box" and "Edit List Box".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from cattube_worker.media.mp4.boxes import TooManyBoxes, content_at, contents
from cattube_worker.media.mp4.index_reader import read_index

_SAMPLE_ENTRY_BYTES = 78  # of a video, before the boxes in it
_ORDINARY_RATE = 0x10000
_MOST_SAMPLES = 5_000_000
_CONFIGURATIONS = {b"avc1": b"avcC", b"hvc1": b"hvcC", b"hev1": b"hvcC"}


@dataclass(frozen=True, kw_only=True)
class SampleTable:
    """The frames of a video track, in the order in which they are stored.

    scale: ticks per second. shown_at: the tick at which each is shown, once the edit list was followed.
    frame_ticks: how long each lasts; None where they differ. key_frames: places of the key frames, rising.
    codec: of the sample entry, such as b"avc1". configuration: what a decoder needs before the first frame.
    has_odd_edits: the edit list does more than to begin at the first frame.
    """

    scale: int
    shown_at: tuple[int, ...]
    frame_ticks: int | None
    key_frames: tuple[int, ...]
    codec: bytes
    configuration: bytes
    has_odd_edits: bool

    @property
    def is_even(self) -> bool:
        """True when the first frame is shown at 0, and each of the others one frame after another."""
        ticks = self.frame_ticks
        return bool(ticks) and all(
            at == place * ticks for place, at in enumerate(sorted(self.shown_at)) if ticks is not None
        )

    @property
    def frames_per_second(self) -> Fraction:
        """Frames per second of an even track. Raises ZeroDivisionError for others."""
        return Fraction(self.scale, self.frame_ticks or 0)


def sample_table(path: Path, *, video_number: int = 0) -> SampleTable | None:
    """The table of that video track; None where none can be read, or the file is in fragments."""
    try:
        index = read_index(path)
        tracks = list(_video_tracks(index))
        if content_at(index, b"mvex") or video_number >= len(tracks):
            return None
        return _table(tracks[video_number], movie_scale=_scale(content_at(index, b"mvhd")))
    except (struct.error, TooManyBoxes, ValueError, IndexError, OverflowError):
        return None


def _video_tracks(index: bytes) -> Iterator[bytes]:
    for kind, content in contents(index):
        if kind == b"trak" and content_at(content, b"mdia", b"hdlr")[8:12] == b"vide":
            yield content


def _table(track: bytes, *, movie_scale: int) -> SampleTable:
    media = content_at(track, b"mdia")
    boxes = content_at(media, b"minf", b"stbl")
    scale = _scale(content_at(media, b"mdhd"))
    durations = _runs(content_at(boxes, b"stts"))
    starts = _starts(durations)
    delays = _delays(content_at(boxes, b"ctts"), len(starts))
    media_end = starts[-1] + durations[-1][1] if starts else 0
    begins_at, has_odd_edits = _edits(
        content_at(track, b"edts", b"elst"), seconds=Fraction(media_end, scale), movie_scale=movie_scale
    )
    lengths = {length for _, length in durations}
    codec, configuration = _configuration(content_at(boxes, b"stsd"))
    return SampleTable(
        scale=scale,
        shown_at=tuple(start + delay - begins_at for start, delay in zip(starts, delays, strict=True)),
        frame_ticks=lengths.pop() if len(lengths) == 1 else None,
        key_frames=_key_frames(content_at(boxes, b"stss"), len(starts)),
        codec=codec,
        configuration=configuration,
        has_odd_edits=has_odd_edits,
    )


def _scale(header: bytes) -> int:
    """Ticks per second, in the content of a header of a movie or of its media."""
    # The second form of the header has times of eight bytes instead of four before the scale.
    (scale,) = struct.unpack_from(">I", header, 20 if header[0] == 1 else 12)
    return int(scale)


def _runs(table: bytes) -> list[tuple[int, int]]:
    """Pairs of a count and a value, which so many frames have."""
    (entries,) = struct.unpack_from(">I", table, 4)
    runs = list(struct.iter_unpack(">II", table[8 : 8 + 8 * entries]))
    if sum(count for count, _ in runs) > _MOST_SAMPLES:
        raise ValueError("there are too many frames")
    return [(count, value) for count, value in runs if count]


def _starts(durations: list[tuple[int, int]]) -> list[int]:
    starts, now = [], 0
    for count, length in durations:
        starts += [now + place * length for place in range(count)]
        now += count * length
    return starts


def _delays(table: bytes, frames: int) -> list[int]:
    """From each frame's place in the stream to when it is shown; negative ones occur in both versions."""
    if not table:
        return [0] * frames
    return [value - 2**32 if value >= 2**31 else value for count, value in _runs(table) for _ in range(count)]


def _key_frames(table: bytes, frames: int) -> tuple[int, ...]:
    if not table:
        return tuple(range(frames))  # All are.
    (entries,) = struct.unpack_from(">I", table, 4)
    return tuple(number - 1 for (number,) in struct.iter_unpack(">I", table[8 : 8 + 4 * entries]))


def _edits(edit_list: bytes, *, seconds: Fraction, movie_scale: int) -> tuple[int, bool]:
    """The tick of the media at which play begins, and True when that is not all that the list asks for."""
    if not edit_list:
        return 0, False
    (entries,) = struct.unpack_from(">I", edit_list, 4)
    if entries != 1:
        return 0, True
    shown, begins_at, rate = struct.unpack_from(">QqI" if edit_list[0] == 1 else ">IiI", edit_list, 8)
    # A list that ends early hides frames. One frame less than all is how some writers round.
    ends_early = bool(shown) and Fraction(shown, movie_scale) < seconds - Fraction(1, 10)
    return begins_at, begins_at < 0 or rate != _ORDINARY_RATE or ends_early


def _configuration(descriptions: bytes) -> tuple[bytes, bytes]:
    """The codec, and what its decoder is told first. Of several descriptions none counts."""
    entries = list(contents(descriptions[8:]))
    if len(entries) != 1:
        return b"", b""
    codec, entry = entries[0]
    return codec, content_at(entry[_SAMPLE_ENTRY_BYTES:], _CONFIGURATIONS.get(codec, b""))
