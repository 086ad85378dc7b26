"""Pictures of channels: checked, and rebuilt of nothing but what draws them. Pure.

Cameras write the place and the owner into a picture, and others hide whole files behind one. Neither is among
the parts that are kept. The pixels themselves stay as they are: to decode them would take a library that is
larger than the rest of the site (docs/decisions.md).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cattube.channels.pictures.jpeg import JPEG_START, rebuilt_jpeg
from cattube.channels.pictures.parts import BrokenPicture
from cattube.channels.pictures.png import PNG_START, rebuilt_png
from cattube.errors import SiteError

MAX_BYTES = 1_000_000
MAX_SIDE = 4096


class InvalidPicture(SiteError):
    code, status = "INVALID_PICTURE", 400


@dataclass(frozen=True)
class Picture:
    """Rebuilt picture. version: short digest, which changes with the content."""

    content: bytes
    content_type: str

    @property
    def version(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:12]


def clean_picture(content: bytes) -> Picture:
    """The picture without what does not draw it. Raises InvalidPicture, in words for people."""
    if len(content) > MAX_BYTES:
        raise InvalidPicture("The picture is larger than 1 MB. Choose a smaller one.")
    try:
        if content.startswith(PNG_START):
            rebuilt, width, height = rebuilt_png(content)
            content_type = "image/png"
        elif content.startswith(JPEG_START):
            rebuilt, width, height = rebuilt_jpeg(content)
            content_type = "image/jpeg"
        else:
            raise InvalidPicture("This is neither a PNG nor a JPEG picture.")
    except BrokenPicture as error:
        raise InvalidPicture("This picture is damaged. Save it anew, or choose another one.") from error
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise InvalidPicture(f"The picture has more than {MAX_SIDE} pixels on a side.")
    return Picture(rebuilt, content_type)
