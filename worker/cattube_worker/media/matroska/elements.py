"""Elements of Matroska and WebM files (EBML). Pure.

Source: RFC 8794, "Extensible Binary Meta Language".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

_MAX_ID_BYTES, _MAX_SIZE_BYTES = 4, 8
HEADER_BYTES = _MAX_ID_BYTES + _MAX_SIZE_BYTES


@dataclass(frozen=True)
class Element:
    """An element by its place in the file, in bytes. end: None when it is as long as what it lies in."""

    id: int
    content_start: int
    end: int | None


def read_element(head: bytes, start: int) -> Element | None:
    """Element that begins with `head` at the byte `start`; None when that is none."""
    id_bytes = _length(head[:1], _MAX_ID_BYTES)
    size_bytes = _length(head[id_bytes : id_bytes + 1], _MAX_SIZE_BYTES)
    if not id_bytes or not size_bytes or len(head) < id_bytes + size_bytes:
        return None
    content_start = start + id_bytes + size_bytes
    # The first bits tell the number of bytes. They belong to an id, and not to a size.
    value_bits = 7 * size_bytes
    size = int.from_bytes(head[id_bytes : id_bytes + size_bytes]) & (1 << value_bits) - 1
    is_open = size == (1 << value_bits) - 1
    return Element(int.from_bytes(head[:id_bytes]), content_start, None if is_open else content_start + size)


def walk_elements(read: Callable[[int, int], bytes], start: int, end: int) -> Iterator[Element]:
    """Elements one behind the other in the bytes `start` to `end`, up to one of unknown length.

    read: the bytes at a place, at most so many. The last element may reach beyond `end`.
    """
    while start < end:
        element = read_element(read(start, HEADER_BYTES), start)
        if element is None:
            return
        yield element
        if element.end is None:
            return
        start = element.end


def elements_in(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Id and content of each element in `data`."""
    for element in walk_elements(lambda start, count: data[start : start + count], 0, len(data)):
        yield element.id, data[element.content_start : element.end]


def _length(first: bytes, most: int) -> int:
    """Bytes of a number by its first one; 0 when it is none."""
    length = 9 - first[0].bit_length() if first else 0
    return length if 0 < length <= most else 0
