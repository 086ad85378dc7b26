"""ffmpeg's words for the usual formats of still pictures. Pure."""

from __future__ import annotations

from typing import Literal

StillFormat = Literal["jpg", "png", "webp"]

# Of a picture, in pixels: more does not fit into the file's header.
LONGEST_SIDE = {"jpg": 65_500, "webp": 16_383}
_ALL_COLORS = 90  # the least quality with them


def still_encoder(ext: str, quality: int) -> list[str]:
    """For one picture. quality: from 1 to 100; a PNG has none."""
    return [*still_codec(ext, quality), "-f", "webp" if ext == "webp" else "image2pipe"]


def still_codec(ext: str, quality: int) -> tuple[str, ...]:
    """The same without how the file is written."""
    if ext == "jpg":
        # ffmpeg counts the other way round, from 31, the worst, to 1.
        scale = str(max(1, round(31 - 30 * quality / 100)))
        # As with ImageMagick: who wants it small gets half the colours, which few see and which take a third.
        pixels = "yuvj444p" if quality >= _ALL_COLORS else "yuvj420p"
        return ("-c:v", "mjpeg", "-pix_fmt", pixels, "-qmin", "1", "-q:v", scale)
    if ext == "webp":
        return ("-c:v", "libwebp", "-quality", str(quality))
    return ("-c:v", "png")
