"""Where the segments of a fragmented MP4 lie, by the index (`sidx` box) in front of them.

Source: ISO/IEC 14496-12, "Segment Index Box".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cattube_worker.media.errors import CommandFailed
from cattube_worker.media.mp4.movie_index import HEADER_BYTES, Box, read_box
from cattube_worker.media.streams.playlists import Segment

_MOST_BOXES = 16  # in front of the media
_MOST_INDEX_BYTES = 2**20  # it counts its entries with 16 bits


@dataclass(frozen=True, kw_only=True)
class SingleFile:
    """A rendition in one file.

    header_bytes: what a player needs first, from the beginning. index: the bytes of the `sidx` box.
    """

    header_bytes: int
    index: range
    segments: tuple[Segment, ...]


def read_single_file(path: Path) -> SingleFile:
    """What the file's own index says. Raises CommandFailed when that is not how the file is."""
    with path.open("rb") as file:
        box = next((each for each in _boxes(file) if each.kind == b"sidx"), None)
        if box is None or box.size_bytes > _MOST_INDEX_BYTES:
            raise CommandFailed(f'"{path.name}" came out without an index of its segments.')
        file.seek(box.start + box.header_bytes)
        content = file.read(box.size_bytes - box.header_bytes)
    try:
        segments = tuple(_segments(content, box.end, path.name))
    except (struct.error, ZeroDivisionError):
        segments = ()
    end = (segments[-1].start_byte or 0) + segments[-1].size_bytes if segments else None
    if end != path.stat().st_size:
        raise CommandFailed(f'"{path.name}" came out with another index than it has segments.')
    return SingleFile(header_bytes=box.start, index=range(box.start, box.end), segments=segments)


def _boxes(file: BinaryIO) -> Iterator[Box]:
    start = 0
    for _ in range(_MOST_BOXES):
        file.seek(start)
        box = read_box(file.read(HEADER_BYTES), start)
        if box is None:
            return
        yield box
        start = box.end


def _segments(content: bytes, start: int, uri: str) -> Iterator[Segment]:
    """start: where the first one may begin, which the index counts from. Raises struct.error."""
    has_long_times = content[:1] > b"\0"
    (scale,) = struct.unpack_from(">I", content, 8)
    (gap,) = struct.unpack_from(">Q" if has_long_times else ">I", content, 20 if has_long_times else 16)
    at = 28 if has_long_times else 20
    (count,) = struct.unpack_from(">H", content, at + 2)
    start += gap
    for index in range(count):
        size, duration = struct.unpack_from(">II", content, at + 4 + 12 * index)
        size &= 0x7FFFFFFF  # the first bit says that another index follows, which none of ours does
        yield Segment(uri=uri, duration_seconds=duration / scale, size_bytes=size, start_byte=start)
        start += size
