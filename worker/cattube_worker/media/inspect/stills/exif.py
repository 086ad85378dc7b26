"""Orientation of a photograph, from the EXIF data of a JPEG."""

from __future__ import annotations

import struct
from pathlib import Path

from cattube_worker.media.geometry import Size

_MAX_HEAD_BYTES = 256 * 1024
_ORIENTATION_TAG = 0x0112

_FILTERS: dict[int, tuple[str, ...]] = {
    2: ("hflip",),
    3: ("hflip", "vflip"),
    4: ("vflip",),
    5: ("transpose=cclock_flip",),
    6: ("transpose=clock",),
    7: ("transpose=clock_flip",),
    8: ("transpose=cclock",),
}


def orientation(path: Path) -> int:
    """Orientation from 1 to 8; 1, which is upright, when there is none or an invalid one."""
    with path.open("rb") as file:
        head = file.read(_MAX_HEAD_BYTES)
    start = head.find(b"Exif\0\0")
    if not head.startswith(b"\xff\xd8\xff") or start < 0:
        return 1
    return orientation_in(head[start + 6 :])


def orientation_in(tiff: bytes) -> int:
    """Orientation from 1 to 8 in EXIF data; 1 when there is none or an invalid one."""
    try:
        value = _read_orientation(tiff)
    except struct.error:
        return 1
    return value if 1 <= value <= 8 else 1


def orientation_alone(orientation: int) -> bytes:
    """EXIF data that hold an orientation and nothing else."""
    entry = struct.pack(">HHIHH", _ORIENTATION_TAG, 3, 1, orientation, 0)
    return b"MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)


def set_upright(orientation: int, size: Size) -> tuple[tuple[str, ...], Size]:
    """Filters that set a picture of that orientation upright, and the size it then has."""
    is_sideways = orientation >= 5
    return _FILTERS.get(orientation, ()), Size(size.height, size.width) if is_sideways else size


def _read_orientation(tiff: bytes) -> int:
    byte_order = "<" if tiff[:2] == b"II" else ">"
    (first,) = struct.unpack_from(f"{byte_order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{byte_order}H", tiff, first)
    for index in range(count):
        tag, _, _, value = struct.unpack_from(f"{byte_order}HHIH", tiff, first + 2 + index * 12)
        if tag == _ORIENTATION_TAG:
            return int(value)
    return 1
