"""The index of an MP4 or QuickTime file (its `moov` box), and how to put it in front of the media. Pure.

Source: ISO/IEC 14496-12, "ISO base media file format".
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

HEADER_BYTES = 16  # of the longest box header: with a size of 64 bits
# An hour of 30 frames a second takes 4 MiB; whoever says more is served after the upload.
MAX_INDEX_BYTES = 16 * 2**20
_MAX_BOXES = 20_000
_TO_TABLES = (b"trak", b"mdia", b"minf", b"stbl")
_OFFSET_TABLES = {b"stco": "I", b"co64": "Q"}


class UnusableIndex(ValueError):
    """The index is damaged, or of a kind that cannot be moved."""


@dataclass(frozen=True)
class Box:
    """A box by its place in the file, in bytes. header_bytes: what comes before its content."""

    kind: bytes
    start: int
    size_bytes: int
    header_bytes: int

    @property
    def end(self) -> int:
        return self.start + self.size_bytes


def read_box(head: bytes, start: int) -> Box | None:
    """The box that begins with `head` at the byte `start`; None when that is no box of a known size."""
    if len(head) < 8:
        return None
    size_bytes, kind = struct.unpack(">I4s", head[:8])
    header_bytes = 8
    if size_bytes == 1 and len(head) >= HEADER_BYTES:
        header_bytes, size_bytes = HEADER_BYTES, struct.unpack(">Q", head[8:HEADER_BYTES])[0]
    return Box(kind, start, size_bytes, header_bytes) if size_bytes >= header_bytes else None


def moved_index(index: bytes, *, by: int, media: range) -> bytes:
    """The `moov` box `index` for a file in which all media lie `by` bytes further behind.

    media: where they lie now; an index that points elsewhere is damaged. Raises UnusableIndex.
    """
    box = read_box(index[:HEADER_BYTES], 0)
    if box is None or box.kind != b"moov" or box.end != len(index):
        raise UnusableIndex("this is no whole moov box")
    moved = bytearray(index)
    for table in _tables(index, box):
        _move(moved, table, by=by, media=media)
    return bytes(moved)


def _tables(index: bytes, moov: Box) -> Iterator[Box]:
    """The tables of chunk offsets."""
    boxes = [moov]
    for kind in _TO_TABLES:
        inner = [each for box in boxes for each in _inside(index, box)]
        if any(each.kind in (b"cmov", b"mvex") for each in inner):
            raise UnusableIndex("compressed or fragmented: the offsets are elsewhere")
        boxes = [each for each in inner if each.kind == kind]
    for box in boxes:
        yield from (each for each in _inside(index, box) if each.kind in _OFFSET_TABLES)


def _inside(index: bytes, outer: Box) -> Iterator[Box]:
    start = outer.start + outer.header_bytes
    for _ in range(_MAX_BOXES):
        if outer.end - start < 8:
            return
        box = read_box(index[start : start + HEADER_BYTES], start)
        if box is None or box.end > outer.end:
            raise UnusableIndex("a box reaches out of the one it lies in")
        yield box
        start = box.end
    raise UnusableIndex("there are too many boxes")


def _move(moved: bytearray, table: Box, *, by: int, media: range) -> None:
    start = table.start + table.header_bytes + 8
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
        further = array(offsets.typecode, (each + by for each in offsets))
    except OverflowError:
        raise UnusableIndex("moved by that much, the offsets need another table") from None
    _swap(further)
    moved[start : start + count * width] = further.tobytes()


def _swap(numbers: array[int]) -> None:
    """Between the file's order of bytes and the machine's."""
    if sys.byteorder == "little":
        numbers.byteswap()
