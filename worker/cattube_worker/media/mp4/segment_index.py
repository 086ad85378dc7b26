"""Segments of a fragmented MP4 in one file, by the index (`sidx` box) in front of them.

Source: ISO/IEC 14496-12, "Segment Index Box".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from cattube_worker.media.errors import CommandFailed
from cattube_worker.media.mp4.boxes import Box, walk_boxes
from cattube_worker.media.streams.playlists import Segment

_MAX_BOXES = 16  # in front of the media
_MAX_INDEX_BYTES = 2**20  # its count of entries has 16 bits


@dataclass(frozen=True, kw_only=True)
class SingleFile:
    """Rendition in one file.

    header_bytes: what a player needs first, from the beginning. index: the bytes of the `sidx` box.
    """

    header_bytes: int
    index: range
    segments: tuple[Segment, ...]


def read_single_file(path: Path) -> SingleFile:
    """Segments as the file's own index has them. Raises CommandFailed when the file does not match it."""
    file_bytes = path.stat().st_size
    with path.open("rb") as file:
        box = next((box for box in _boxes(file, file_bytes) if box.kind == b"sidx"), None)
        if box is None or box.size_bytes > _MAX_INDEX_BYTES:
            raise CommandFailed(f'"{path.name}" came out without an index of its segments.')
        file.seek(box.content_start)
        content = file.read(box.size_bytes - box.header_bytes)
    try:
        segments = tuple(_segments(content, box.end, path.name))
    except (struct.error, ZeroDivisionError):
        segments = ()
    end = (segments[-1].start_byte or 0) + segments[-1].size_bytes if segments else None
    if end != file_bytes:
        raise CommandFailed(f'"{path.name}" came out with another index than it has segments.')
    return SingleFile(header_bytes=box.start, index=range(box.start, box.end), segments=segments)


def _boxes(file: BinaryIO, file_bytes: int) -> Iterator[Box]:
    def read(start: int, count: int) -> bytes:
        file.seek(start)
        return file.read(count)

    return islice(walk_boxes(read, 0, file_bytes), _MAX_BOXES)


def _segments(content: bytes, start: int, uri: str) -> Iterator[Segment]:
    """Segments in the content of a `sidx` box. start: its end, from which it counts. Raises struct.error."""
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
