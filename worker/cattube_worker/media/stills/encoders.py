"""Encoders of still pictures, by their format. Pure."""

from __future__ import annotations

from typing import Literal

StillFormat = Literal["jpg", "png", "webp"]

# Longest side in pixels that the header of the format can hold.
LONGEST_SIDE = {"jpg": 65_500, "webp": 16_383}
_FULL_CHROMA_QUALITY = 90  # the lowest quality without chroma subsampling


def still_encoder(ext: str, quality: int) -> list[str]:
    """Arguments for one picture. quality: from 1 to 100; a PNG has none."""
    return [*still_codec(ext, quality), "-f", "webp" if ext == "webp" else "image2pipe"]


def still_codec(ext: str, quality: int) -> tuple[str, ...]:
    """Arguments for the codec, without those for the file."""
    if ext == "jpg":
        # ffmpeg counts the other way round, from 31, the worst, to 1.
        scale = str(max(1, round(31 - 30 * quality / 100)))
        # As in ImageMagick: lower quality subsamples the chroma, which saves a third and is hardly seen.
        pixels = "yuvj444p" if quality >= _FULL_CHROMA_QUALITY else "yuvj420p"
        return ("-c:v", "mjpeg", "-pix_fmt", pixels, "-qmin", "1", "-q:v", scale)
    if ext == "webp":
        return ("-c:v", "libwebp", "-quality", str(quality))
    return ("-c:v", "png")
