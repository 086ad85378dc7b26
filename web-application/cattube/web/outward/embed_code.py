"""Markup by which other pages show a video inside theirs. Pure."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

# Longer side of a player whose page asks for no size.
USUAL_PX = 640
# Shape of a video that nothing is known of yet.
USUAL_SHAPE = (16, 9)


@dataclass(frozen=True)
class Size:
    width: int
    height: int


def embed_size(
    width: int | None, height: int | None, *, max_width: int | None = None, max_height: int | None = None
) -> Size:
    """Largest size, in pixels, that a video of this shape has within the limits. At least one pixel.

    width, height: of the video. A side without a limit has the usual one, or that of the other if larger.
    """
    shape_width, shape_height = (width, height) if width and height else USUAL_SHAPE
    most_wide = max_width or max(USUAL_PX, max_height or 0)
    most_high = max_height or max(USUAL_PX, max_width or 0)
    scale = min(most_wide / shape_width, most_high / shape_height)
    return Size(max(1, round(shape_width * scale)), max(1, round(shape_height * scale)))


def embed_code(address: str, *, title: str, size: Size) -> SafeString:
    """An `iframe` for another page. address: of the player, with its origin."""
    return format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" allow="fullscreen; picture-in-picture"></iframe>',
        address,
        title,
        size.width,
        size.height,
    )
