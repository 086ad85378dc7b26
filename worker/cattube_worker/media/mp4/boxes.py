"""Boxes of MP4 and QuickTime files. Pure.

Source: ISO/IEC 14496-12, "ISO base media file format".
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

SHORT_HEADER_BYTES = 8
HEADER_BYTES = 16  # of the longest header: with a size of 64 bits
# One behind the other: in a file, which may have many fragments, and in a box of its index, which has a
# track's dozen and is walked again and again. A million fit into eight megabytes, and take seconds.
MOST_BOXES, MOST_INNER_BOXES = 20_000, 1_000


class TooManyBoxes(ValueError):
    """More boxes than anybody needs lie one behind the other."""


@dataclass(frozen=True)
class Box:
    """A box by its place in the file, in bytes. header_bytes: what comes before its content."""

    kind: bytes
    start: int
    size_bytes: int
    header_bytes: int

    @property
    def content_start(self) -> int:
        return self.start + self.header_bytes

    @property
    def end(self) -> int:
        return self.start + self.size_bytes


def read_box(head: bytes, start: int) -> Box | None:
    """Box that begins with `head` at the byte `start`; None when that is no box of a known size."""
    if len(head) < SHORT_HEADER_BYTES:
        return None
    size_bytes, kind = struct.unpack_from(">I4s", head)
    header_bytes = SHORT_HEADER_BYTES
    if size_bytes == 1 and len(head) >= HEADER_BYTES:
        header_bytes, size_bytes = HEADER_BYTES, struct.unpack_from(">Q", head, SHORT_HEADER_BYTES)[0]
    return Box(kind, start, size_bytes, header_bytes) if size_bytes >= header_bytes else None


def walk_boxes(
    read: Callable[[int, int], bytes], start: int, end: int, *, most: int = MOST_BOXES
) -> Iterator[Box]:
    """Boxes one behind the other in the bytes `start` to `end`, up to one that cannot be read.

    read: the bytes at a place, at most so many. The last box may reach beyond `end`. Raises TooManyBoxes.
    """
    for _ in range(most):
        box = read_box(read(start, HEADER_BYTES), start) if end - start >= SHORT_HEADER_BYTES else None
        if box is None:
            return
        yield box
        start = box.end
    if end - start >= SHORT_HEADER_BYTES:
        raise TooManyBoxes("there are too many boxes")


def boxes_in(data: bytes, outer: Box) -> Iterator[Box]:
    """Boxes in the content of the box `outer` of `data`. Raises TooManyBoxes."""
    return walk_boxes(lambda start, count: data[start : start + count], outer.content_start, outer.end)


def contents(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each box in `data`. Raises TooManyBoxes."""

    def read(start: int, count: int) -> bytes:
        return data[start : start + count]

    for box in walk_boxes(read, 0, len(data), most=MOST_INNER_BOXES):
        yield box.kind, data[box.content_start : box.end]


def content_at(data: bytes, *kinds: bytes) -> bytes:
    """Content of the box at the end of that path in `data`; empty where there is none.

    Raises TooManyBoxes.
    """
    for kind in kinds:
        data = next((content for box_kind, content in contents(data) if box_kind == kind), b"")
    return data
