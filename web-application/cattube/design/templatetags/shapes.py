"""Template filter for the shape of the player."""

from django import template

register = template.Library()

# Upright to wide. player/layout.css has each.
SHAPES = ("9:16", "2:3", "3:4", "4:5", "1:1", "4:3", "3:2", "16:9", "2:1")


@register.filter
def shape(width: int | None, height: int | None) -> str:
    """Narrowest of SHAPES that is as wide as this picture, for `data-shape`; empty for wider ones.

    A page must not say the exact shape: the policy forbids `style=`, and no other attribute reaches a width.
    """
    if not width or not height:
        return ""
    # Encoders make sides even, so a picture may be a pixel wider than its shape.
    return next((name for name in SHAPES if width <= height * _ratio(name) + 2), "")


def _ratio(name: str) -> float:
    across, down = name.split(":")
    return int(across) / int(down)
