"""Files that break off: their own bytes tell that more was to come, though not how much.

A recording that is cut between two of its packets tells nothing: it cannot be told from one that ends there.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from cattube_worker.media.matroska.elements import HEADER_BYTES, Element, read_element
from cattube_worker.media.mp4.boxes import walk_boxes

# The bytes at a place of a file, at most so many.
Read = Callable[[int, int], bytes]

_MOST_PARTS = 20_000  # of a file are looked at; one of more is believed
_HEAD_BYTES, _TAIL_BYTES = 1024, 256 * 2**10
_BOXES = {b"ftyp", b"moov", b"moof", b"mdat", b"free", b"skip", b"wide", b"styp", b"sidx", b"pnot"}
_BOXES_OF_MEDIA = {b"moov", b"moof", b"mdat"}
_EBML = b"\x1a\x45\xdf\xa3"
_SEGMENT, _CLUSTER = 0x18538067, 0x1F43B675
_SYNC, _PACKETS = 0x47, ((188, 0), (192, 4), (204, 0))  # size of a packet, and place of its sync byte
_FLV_TAG_BYTES, _OGG_HEADER_BYTES, _PES_HEADER_BYTES = 11, 27, 6
_RIFF_HEADER_BYTES = 8


def breaks_off(path: Path) -> bool:
    """Tell if a file is known to break off. False also where its container cannot tell."""
    size_bytes = path.stat().st_size
    # A buffer would read thousands of bytes for each header of sixteen.
    with path.open("rb", buffering=0) as file:

        def read(start: int, count: int) -> bytes:
            file.seek(start)
            return file.read(count)

        reader = _reader(read(0, _HEAD_BYTES))
        try:
            return reader is not None and reader(read, size_bytes)
        except (struct.error, IndexError, ValueError):
            return False


def _reader(head: bytes) -> Callable[[Read, int], bool] | None:
    if head[4:8] in _BOXES:
        return _movie
    for magic, reader in _BY_MAGIC.items():
        if head.startswith(magic):
            return reader
    return _transport_stream if _packets(head) else None


def _movie(read: Read, size_bytes: int) -> bool:
    """MP4, QuickTime: the last box ends behind the file. Padding that is cut is no loss."""
    boxes = list(islice(walk_boxes(read, 0, size_bytes), _MOST_PARTS))
    if len(boxes) == _MOST_PARTS:
        return False
    return bool(boxes) and boxes[-1].kind in _BOXES_OF_MEDIA and boxes[-1].end > size_bytes


def _matroska(read: Read, size_bytes: int) -> bool:
    """Matroska, WebM: the last element that has a size ends behind the file."""
    elements = islice(_leaves(read, 0, size_bytes), _MOST_PARTS)
    return any(element.end is not None and element.end > size_bytes for element in elements)


def _leaves(read: Read, start: int, end: int) -> Iterator[Element]:
    """Elements in the order of the file, with those inside of any that does not tell its length."""
    while start < end:
        element = read_element(read(start, HEADER_BYTES), start)
        if element is None or (element.end is None and element.id not in {_SEGMENT, _CLUSTER}):
            return
        yield element
        start = element.content_start if element.end is None else element.end


def _flash(read: Read, size_bytes: int) -> bool:
    """FLV: behind each tag stands how long it is. Some writers get that wrong from the first one on."""
    first = int.from_bytes(read(5, 4)) + 4
    length = int.from_bytes(read(first + 1, 3)) + _FLV_TAG_BYTES
    if int.from_bytes(read(first + length, 4)) != length:
        return False
    length = int.from_bytes(read(size_bytes - 4, 4))
    if length < _FLV_TAG_BYTES or length > size_bytes - 4:
        return True
    tag = read(size_bytes - 4 - length, _FLV_TAG_BYTES)
    return int.from_bytes(tag[1:4]) != length - _FLV_TAG_BYTES


def _riff(read: Read, size_bytes: int) -> bool:
    """AVI: a list ends behind the file. One without a size may come from a program that wrote to a pipe."""
    if read(8, 3) != b"AVI":
        return False
    start = 0
    for _ in range(_MOST_PARTS):
        if read(start, 4) != b"RIFF":
            return False
        (length,) = struct.unpack("<I", read(start + 4, 4))
        if length == 0:
            return False
        start += _RIFF_HEADER_BYTES + length + length % 2
        # Some writers count the header, too.
        if start > size_bytes + 1 + _RIFF_HEADER_BYTES:
            return True
    return False


def _ogg(read: Read, size_bytes: int) -> bool:
    """Ogg: the last page is not whole. Live streams never mark one as the last, so that tells nothing."""
    tail = read(max(0, size_bytes - _TAIL_BYTES), _TAIL_BYTES)
    page = tail.rfind(b"OggS")
    if page < 0:
        return False
    header = tail[page : page + _OGG_HEADER_BYTES]
    if len(header) < _OGG_HEADER_BYTES:
        return True
    sizes = tail[page + _OGG_HEADER_BYTES :][: header[26]]
    return page + _OGG_HEADER_BYTES + len(sizes) + sum(sizes) > len(tail) or len(sizes) < header[26]


def _program_stream(read: Read, size_bytes: int) -> bool:
    """MPEG-PS, VOB: the last packet of video or audio ends behind the file."""
    tail = read(max(0, size_bytes - _TAIL_BYTES), _TAIL_BYTES)
    packet = max(tail.rfind(b"\0\0\1" + bytes([stream])) for stream in (0xBD, *range(0xC0, 0xF0)))
    if packet < 0 or len(tail) - packet < _PES_HEADER_BYTES:
        return False
    length = int.from_bytes(tail[packet + 4 : packet + _PES_HEADER_BYTES])
    return packet + _PES_HEADER_BYTES + length > len(tail)


def _transport_stream(read: Read, size_bytes: int) -> bool:
    """MPEG-TS, M2TS: the last packet is no whole one. Padding behind it, such as zeros, tells nothing."""
    # Not counted from the head: a recording off the air loses bytes on the way.
    tail = read(max(0, size_bytes - _HEAD_BYTES), _HEAD_BYTES)
    packets = _packets(tail)
    return packets is not None and (len(tail) - packets[0]) % packets[1] != 0


def _packets(head: bytes) -> tuple[int, int] | None:
    """Start of the first packet, and the size of each; None where there are none."""
    for size, sync in _PACKETS:
        for start in range(size):
            places = range(start + sync, len(head), size)
            if len(places) > 3 and all(head[place] == _SYNC for place in places):
                return start, size
    return None


_BY_MAGIC: dict[bytes, Callable[[Read, int], bool]] = {
    _EBML: _matroska,
    b"FLV\x01": _flash,
    b"RIFF": _riff,
    b"OggS": _ogg,
    b"\0\0\1\xba": _program_stream,
}
