"""Size of a still picture, and if it is one, from its header alone: no process is started for it."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

from cattube_worker.media.geometry import Size

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_MOST_CHUNKS = 64  # in front of the first picture
# In front of the frame; one may be of four bytes, and a file may be nothing but such segments.
_MOST_SEGMENTS = 10_000
# Start-of-frame markers of all JPEG kinds; C4, C8 and CC in between are tables.
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def picture_mime(head: bytes) -> str | None:
    """MIME type, when these are the first bytes of a PNG or JPEG; else None."""
    if head.startswith(_PNG):
        return "image/png"
    return "image/jpeg" if head.startswith(_JPEG) else None


def picture_size(path: Path) -> Size | None:
    """Size of a PNG or JPEG; None when it is neither, or broken."""
    with path.open("rb") as file:
        head = file.read(24)
        if head.startswith(_PNG):
            is_whole = len(head) == 24 and head[12:16] == b"IHDR"
            return _sized(*struct.unpack(">II", head[16:24])) if is_whole else None
        if not head.startswith(_JPEG):
            return None
        file.seek(2)
        return _jpeg_size(file)


def is_animated_png(path: Path) -> bool:
    """Tell if a PNG holds an animation, which it says in front of its first picture."""
    with path.open("rb") as file:
        if file.read(len(_PNG)) != _PNG:
            return False
        for _ in range(_MOST_CHUNKS):
            length, kind = struct.unpack(">I4s", file.read(8).ljust(8, b"\0"))
            if kind in {b"acTL", b"IDAT", b"\0\0\0\0"}:
                return bool(kind == b"acTL")
            file.seek(length + 4, 1)
    return False


def _jpeg_size(file: BinaryIO) -> Size | None:
    """Size in the segment that describes the frame; those before it are skipped."""
    for _ in range(_MOST_SEGMENTS):
        start = file.read(4)
        if len(start) < 4:
            return None
        tag, marker, length = struct.unpack(">BBH", start)
        if tag != 0xFF or length < 2:
            return None
        if marker in _FRAME_MARKERS:
            frame = file.read(5)
            height, width = struct.unpack(">HH", frame[1:]) if len(frame) == 5 else (0, 0)
            return _sized(width, height)
        file.seek(length - 2, 1)
    return None


def _sized(width: int, height: int) -> Size | None:
    return Size(width, height) if width and height else None
