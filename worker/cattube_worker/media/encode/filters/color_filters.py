"""Filters about the colours of frames. Pure."""

from __future__ import annotations

from cattube_worker.media.color_tags import ColorTags

# Pictures in JPEG are read by this matrix and in full range, whatever the video was.
_JPEG = ColorTags(matrix="smpte170m", range="pc")


def declare(tags: ColorTags) -> str:
    """Filter that states what the numbers of frames mean; it changes none of them."""
    return (
        f"setparams=range={tags.range}:color_primaries={tags.primaries}"
        f":color_trc={tags.transfer}:colorspace={tags.matrix}"
    )


def to_jpeg(pixel_format: str) -> tuple[str, ...]:
    """Filters from frames whose colours are stated to those of a JPEG of that pixel format."""
    return (in_matrix_of(_JPEG), f"format={pixel_format}", declare(_JPEG))


def in_matrix_of(tags: ColorTags) -> str:
    """Filter from frames of any stated colours to the matrix and the range of these."""
    return f"scale=out_color_matrix={tags.scale_matrix}:out_range={tags.range}"
