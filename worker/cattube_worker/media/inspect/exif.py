"""How a camera was held: the orientation that a JPEG carries in its EXIF data."""

from __future__ import annotations

import struct
from pathlib import Path

from cattube_worker.media.geometry import Size

_MOST_BYTES = 256 * 1024
_ORIENTATION = 0x0112

_UPRIGHT: dict[int, tuple[str, ...]] = {
    2: ("hflip",),
    3: ("hflip", "vflip"),
    4: ("vflip",),
    5: ("transpose=cclock_flip",),
    6: ("transpose=clock",),
    7: ("transpose=clock_flip",),
    8: ("transpose=cclock",),
}


def orientation(path: Path) -> int:
    """The orientation from 1 to 8; 1, which is upright, where nothing or nonsense is said."""
    with path.open("rb") as file:
        head = file.read(_MOST_BYTES)
    start = head.find(b"Exif\0\0")
    if not head.startswith(b"\xff\xd8\xff") or start < 0:
        return 1
    try:
        found = _read(head[start + 6 :])
    except struct.error:
        return 1
    return found if 1 <= found <= 8 else 1


def set_upright(orientation: int, size: Size) -> tuple[tuple[str, ...], Size]:
    """The filters that set a picture upright which was held like that, and the size it then has."""
    lies = orientation >= 5
    return _UPRIGHT.get(orientation, ()), Size(size.height, size.width) if lies else size


def _read(tiff: bytes) -> int:
    order = "<" if tiff[:2] == b"II" else ">"
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, first)
    for index in range(count):
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + index * 12)
        if tag == _ORIENTATION:
            return int(value)
    return 1
