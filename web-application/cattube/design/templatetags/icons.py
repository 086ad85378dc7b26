"""Template tags for our drawings, inline.

Inline and not `<use href>`: an external reference fails once static files live on another host, and only an
inline drawing takes its colour from the text around it.
"""

import re
from functools import cache
from pathlib import Path

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

ART = Path(__file__).resolve().parent.parent / "art"
ROOT = re.compile(r"<svg\b[^>]*>(.*)</svg>", re.DOTALL)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Icon `name` of art/icons, 24 units wide, in the colour of the text; silent to screen readers."""
    return _icon(name)


@register.simple_tag
def drawing(name: str) -> SafeString:
    """Illustration `name` of art/drawings, for empty states and error pages."""
    return _whole("drawings", name)


@register.simple_tag
def mark(name: str) -> SafeString:
    """Mark `name` of art/marks: `wordmark`, `play` (a cat with a triangle), `watching` (a cat at work)."""
    return _whole("marks", name)


@cache
def _icon(name: str) -> SafeString:
    inner = ROOT.search(_read("icons", name))
    if inner is None:
        raise template.TemplateSyntaxError(f"art/icons/{name}.svg holds no <svg> element")
    return mark_safe(f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{inner[1]}</svg>')  # noqa: S308 our own file


@cache
def _whole(folder: str, name: str) -> SafeString:
    return mark_safe(_read(folder, name).replace(' xmlns="http://www.w3.org/2000/svg"', "").strip())  # noqa: S308 our own file


def _read(folder: str, name: str) -> str:
    path = ART / folder / f"{name}.svg"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise template.TemplateSyntaxError(f"There is no art/{folder}/{name}.svg") from None
