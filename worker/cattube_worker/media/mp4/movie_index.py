"""Index of an MP4 or QuickTime file (its `moov` box), moved in front of the media. Pure.

Source: ISO/IEC 14496-12, "ISO base media file format".
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator

from cattube_worker.media.mp4.boxes import (
    HEADER_BYTES,
    SHORT_HEADER_BYTES,
    Box,
    TooManyBoxes,
    boxes_in,
    read_box,
)

# An hour of 30 frames a second takes 4 MiB; a video with a larger index is encoded after the upload.
MAX_INDEX_BYTES = 16 * 2**20
_TO_TABLES = (b"trak", b"mdia", b"minf", b"stbl")
_OFFSET_TABLES = {b"stco": "I", b"co64": "Q"}


class UnusableIndex(ValueError):
    """The index is damaged, or of a kind that cannot be moved."""


def moved_index(index: bytes, *, by: int, media: range) -> bytes:
    """Index for a file in which all media lie `by` bytes further behind. index: the whole `moov` box.

    media: where they lie now; an index that points elsewhere is damaged. Raises UnusableIndex.
    """
    box = read_box(index[:HEADER_BYTES], 0)
    if box is None or box.kind != b"moov" or box.end != len(index):
        raise UnusableIndex("this is no whole moov box")
    moved = bytearray(index)
    try:
        tables = list(_offset_tables(index, box))
    except TooManyBoxes as error:
        raise UnusableIndex(str(error)) from error
    for table in tables:
        _move(moved, table, by=by, media=media)
    return bytes(moved)


def _offset_tables(index: bytes, moov: Box) -> Iterator[Box]:
    """Tables of chunk offsets, of all tracks. Raises UnusableIndex, TooManyBoxes."""
    boxes = [moov]
    for kind in _TO_TABLES:
        children = [child for box in boxes for child in _children(index, box)]
        if any(child.kind in (b"cmov", b"mvex") for child in children):
            raise UnusableIndex("compressed or fragmented: the offsets are elsewhere")
        boxes = [child for child in children if child.kind == kind]
    for box in boxes:
        yield from (child for child in _children(index, box) if child.kind in _OFFSET_TABLES)


def _children(index: bytes, outer: Box) -> Iterator[Box]:
    """Boxes in a box, each of which must lie within it. Raises UnusableIndex, TooManyBoxes."""
    start = outer.content_start
    for box in boxes_in(index, outer):
        if box.end > outer.end:
            break
        yield box
        start = box.end
    if outer.end - start >= SHORT_HEADER_BYTES:
        raise UnusableIndex("a box reaches out of the one it lies in")


def _move(moved: bytearray, table: Box, *, by: int, media: range) -> None:
    start = table.content_start + 8
    (count,) = struct.unpack(">I", moved[start - 4 : start].rjust(4, b"\0"))
    width = 8 if table.kind == b"co64" else 4
    if start + count * width > table.end:
        raise UnusableIndex("a table is longer than its box")
    if not count:
        return
    offsets = array(_OFFSET_TABLES[table.kind], bytes(moved[start : start + count * width]))
    _swap(offsets)
    if min(offsets) < media.start or max(offsets) >= media.stop:
        raise UnusableIndex("the index points to where no media are")
    try:
        moved_offsets = array(offsets.typecode, (offset + by for offset in offsets))
    except OverflowError:
        raise UnusableIndex("moved by that much, the offsets need another table") from None
    _swap(moved_offsets)
    moved[start : start + count * width] = moved_offsets.tobytes()


def _swap(numbers: array[int]) -> None:
    """Change between the file's byte order and the machine's."""
    if sys.byteorder == "little":
        numbers.byteswap()
