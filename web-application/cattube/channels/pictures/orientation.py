"""How a camera was held, the one fact of a picture's EXIF that is needed to show it. Pure.

Source: EXIF 2.32, chapter 4.6: the first directory of a TIFF structure, tag 0x0112.
"""

import struct

EXIF_START = b"Exif\x00\x00"
_TAG, _SHORT = 0x0112, 3
_ORDERS = {b"II*\x00": "<", b"MM\x00*": ">"}
_MOST_ENTRIES = 100


def orientation_alone(body: bytes) -> bytes | None:
    """Body of an EXIF segment that has nothing but the orientation of this one; None where it says none."""
    tiff = body.removeprefix(EXIF_START)
    order = _ORDERS.get(tiff[:4])
    try:
        orientation = _orientation(tiff, order) if order and tiff != body else None
    except struct.error:  # it ends early
        return None
    if orientation is None:
        return None
    entry = struct.pack(">HHIHH", _TAG, _SHORT, 1, orientation, 0)
    return EXIF_START + b"MM\x00*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)


def _orientation(tiff: bytes, order: str) -> int | None:
    (directory,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, directory)
    for number in range(min(count, _MOST_ENTRIES)):
        place = directory + 2 + 12 * number
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, place)
        if (tag, kind) == (_TAG, _SHORT):
            return value if 1 <= value <= 8 else None
    return None
