"""JPEG files, rebuilt of the segments that draw the picture. Pure.

Source: ITU-T T.81, annex B. Adobe's segment says how the colours are meant, so it is kept. Of
EXIF only the orientation is.
"""

import re
import struct
from collections.abc import Iterator

from cattube.channels.pictures.orientation import orientation_alone
from cattube.channels.pictures.parts import BrokenPicture, take

JPEG_START = b"\xff\xd8\xff"
_START, _END = b"\xff\xd8", b"\xff\xd9"
_FRAMES = (0xC0, 0xC1, 0xC2)
_TABLES = (0xC4, 0xDB, 0xDD)
_SCAN, _END_CODE, _ADOBE, _EXIF = 0xDA, 0xD9, 0xEE, 0xE1
_ADOBE_BYTES = 12
# Where the data of a scan end: at a marker that is neither a stuffed byte nor a restart.
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def rebuilt_jpeg(content: bytes) -> tuple[bytes, int, int]:
    """The file, its width and its height in pixels. Raises BrokenPicture."""
    kept, size, has_scan = [_START], None, False
    for code, body, scan in _segments(content):
        if code in _FRAMES:
            if size is not None:
                raise BrokenPicture
            height, width = struct.unpack(">HH", take(body, 1, 4))
            size = width, height
        oriented = orientation_alone(body) if code == _EXIF else None
        if oriented:
            kept += [bytes([0xFF, code]), struct.pack(">H", len(oriented) + 2), oriented]
        elif _draws(code, body):
            kept += [bytes([0xFF, code]), struct.pack(">H", len(body) + 2), body, scan]
        has_scan = has_scan or code == _SCAN
    if size is None or not has_scan:
        raise BrokenPicture
    return b"".join([*kept, _END]), *size


def _draws(code: int, body: bytes) -> bool:
    is_adobe = code == _ADOBE and body.startswith(b"Adobe") and len(body) == _ADOBE_BYTES
    return code in (*_FRAMES, *_TABLES, _SCAN) or is_adobe


def _segments(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Code, body and data of the scan of each segment, up to the end of the picture."""
    place = len(_START)
    while True:
        mark, code = take(content, place, 2)
        if mark != 0xFF:
            raise BrokenPicture
        if code == 0xFF:  # fillers may stand before a marker
            place += 1
            continue
        if code == _END_CODE:
            return
        (length,) = struct.unpack(">H", take(content, place + 2, 2))
        if length < 2:
            raise BrokenPicture
        body = take(content, place + 4, length - 2)
        place += 2 + length
        scan = _scan_at(content, place) if code == _SCAN else b""
        place += len(scan)
        yield code, body, scan


def _scan_at(content: bytes, place: int) -> bytes:
    end = _NEXT_MARKER.search(content, place)
    if end is None:
        raise BrokenPicture
    return content[place : end.start()]
