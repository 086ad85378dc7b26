"""A JPEG without what people and cameras wrote about it; its pixels stay as they are coded. Pure.

Source: ITU-T T.81, annex B; CIPA DC-008 (Exif).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from cattube_worker.media.inspect.stills.exif import orientation_alone

_START, _END = b"\xff\xd8", b"\xff\xd9"
_SCAN = 0xDA
_COMMENT = 0xFE
_APPLICATION = range(0xE0, 0xF0)
# Without these a picture would have other colours: JFIF, the profile of its colours, Adobe's transform.
_SHOWN = ((0xE0, b"JFIF\0"), (0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe"))


def without_metadata(data: bytes, *, orientation: int) -> bytes:
    """The JPEG up to the end of its picture, with no other metadata than how it is to be turned.

    orientation: 1 to 8, as Exif counts. Raises ValueError where the JPEG is damaged.
    """
    segments = [segment for segment in _segments(data) if _is_shown(segment)]
    turned = [_exif(orientation)] if orientation != 1 else []
    is_jfif = bool(segments) and segments[0][1] == 0xE0
    return b"".join([_START, *segments[:is_jfif], *turned, *segments[is_jfif:], _END])


def _segments(data: bytes) -> Iterator[bytes]:
    """All between the start and the end of the picture, each scan with its coded pixels."""
    if not data.startswith(_START):
        raise ValueError("no JPEG")
    position = len(_START)
    while data[position : position + 2] != _END:
        if position + 4 > len(data) or data[position] != 0xFF:
            raise ValueError("the JPEG is damaged")
        marker = data[position + 1]
        if marker == 0xFF:  # a marker may have any number of these before it
            position += 1
            continue
        end = position + 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        if marker == _SCAN:
            end = _end_of_scan(data, end)
        if end > len(data) or end < position + 4:
            raise ValueError("the JPEG is damaged")
        yield data[position:end]
        position = end


def _end_of_scan(data: bytes, position: int) -> int:
    """Position of the marker after the pixels. Among them, 0xFF is followed by 0 or a mark to resume at."""
    while (position := data.find(b"\xff", position)) >= 0:
        following = data[position + 1 : position + 2]
        if following and following != b"\0" and not 0xD0 <= following[0] <= 0xD7:
            return position
        position += 2
    raise ValueError("the JPEG ends early")


def _is_shown(segment: bytes) -> bool:
    marker = segment[1]
    if marker == _COMMENT:
        return False
    return marker not in _APPLICATION or any(
        marker == shown and segment[4:].startswith(name) for shown, name in _SHOWN
    )


def _exif(orientation: int) -> bytes:
    """A segment that says how the picture is to be turned, and nothing else."""
    body = b"Exif\0\0" + orientation_alone(orientation)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
