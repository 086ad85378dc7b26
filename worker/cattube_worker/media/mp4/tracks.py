"""Tracks of an MP4 or QuickTime file, as its index has them: kind, length, samples and clean aperture.

Source: ISO/IEC 14496-12, "ISO base media file format"; the clean aperture is "clap".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path

from cattube_worker.media.container_track import ContainerTrack, TrackKind
from cattube_worker.media.crop import Crop
from cattube_worker.media.mp4.boxes import TooManyBoxes, content_at, contents
from cattube_worker.media.mp4.index_reader import read_index

_MAX_TRACKS = 256
_SAMPLE_ENTRY_BYTES = 78  # of a video, before the boxes in it
_KINDS: dict[bytes, TrackKind] = {b"vide": "video", b"soun": "audio"}


def read_tracks(path: Path) -> list[ContainerTrack]:
    """Tracks in the order of the file; none when it has no index that can be read."""
    content = read_index(path)
    try:
        return list(_tracks(content))
    except (struct.error, TooManyBoxes, ZeroDivisionError, IndexError, OverflowError):
        return []


def _tracks(index: bytes) -> Iterator[ContainerTrack]:
    movie_scale = _scale(content_at(index, b"mvhd"))
    is_fragmented = bool(content_at(index, b"mvex"))
    traks = (content for kind, content in contents(index) if kind == b"trak")
    for trak in islice(traks, _MAX_TRACKS):
        yield _track(trak, movie_scale=movie_scale, is_fragmented=is_fragmented)


def _track(trak: bytes, *, movie_scale: int, is_fragmented: bool) -> ContainerTrack:
    media = content_at(trak, b"mdia")
    header, table = content_at(media, b"mdhd"), content_at(media, b"minf", b"stbl")
    kind = _KINDS.get(content_at(media, b"hdlr")[8:12], "other")
    delay, shown = _edits(content_at(trak, b"edts", b"elst"))
    seconds = shown / movie_scale if shown else _duration(header) / _scale(header)
    samples = sum(count for count, _ in _runs(content_at(table, b"stts")))
    return ContainerTrack(
        kind=kind,
        start_seconds=delay / movie_scale,
        duration_seconds=None if is_fragmented or not seconds else seconds,
        samples=None if is_fragmented else samples,
        is_fragmented=is_fragmented,
        is_mirrored=_is_mirrored(content_at(trak, b"tkhd")),
        crop=_clean_aperture(content_at(table, b"stsd")) if kind == "video" else None,
    )


def _is_mirrored(header: bytes) -> bool:
    """Tell if the matrix in the content of a track's header turns left and right around."""
    if len(header) < 84:
        return False
    a, b, _, c, d = struct.unpack_from(">5i", header, len(header) - 44)
    return bool(a * d - b * c < 0)


def _scale(header: bytes) -> int:
    """Ticks per second, in the content of a header of a movie or of its media."""
    # The second form of the header has times of eight bytes instead of four before the scale.
    (scale,) = struct.unpack_from(">I", header, 20 if header[0] == 1 else 12)
    return int(scale)


def _duration(header: bytes) -> int:
    is_long = header[0] == 1
    (ticks,) = struct.unpack_from(">Q" if is_long else ">I", header, 24 if is_long else 16)
    return 0 if ticks == (2**64 - 1 if is_long else 2**32 - 1) else int(ticks)  # all bits set: not known


def _edits(edit_list: bytes) -> tuple[int, int]:
    """Ticks of the movie before the track begins, and for which it is shown; 0 when it is shown as it is."""
    if not edit_list:
        return 0, 0
    is_long = edit_list[0] == 1
    (count,) = struct.unpack_from(">I", edit_list, 4)
    delay = shown = 0
    for entry in struct.iter_unpack(
        ">QqI" if is_long else ">IiI", edit_list[8:][: count * (20 if is_long else 12)]
    ):
        ticks, media_time, _ = entry
        if media_time >= 0:
            shown += ticks
        elif not shown:
            delay += ticks
    return delay, shown


def _runs(table: bytes) -> Iterator[tuple[int, int]]:
    """Number of samples and length of each, in the content of a table of times."""
    if not table:
        return
    (entries,) = struct.unpack_from(">I", table, 4)
    yield from struct.iter_unpack(">II", table[8 : 8 + 8 * entries])


def _clean_aperture(descriptions: bytes) -> Crop | None:
    """Part of the frame that is to be shown, by the first description of samples."""
    entry = next(contents(descriptions[8:]), None)
    if entry is None or len(entry[1]) < _SAMPLE_ENTRY_BYTES:
        return None
    stored_width, stored_height = struct.unpack_from(">HH", entry[1], 24)
    aperture = content_at(entry[1][_SAMPLE_ENTRY_BYTES:], b"clap")
    if len(aperture) < 32:
        return None
    terms = struct.unpack_from(">IIIIiIiI", aperture)
    width, height, off_x, off_y = (Fraction(*terms[at : at + 2]) for at in (0, 2, 4, 6))
    # The offset is that of the centre of the aperture from the centre of the frame.
    left = (stored_width - width) / 2 + off_x
    top = (stored_height - height) / 2 + off_y
    return Crop.within(stored_width, stored_height, width=width, height=height, left=left, top=top)
