"""Template filter for texts in which a search has hit something."""

from collections.abc import Iterable
from typing import Protocol

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


class Part(Protocol):
    @property
    def text(self) -> str: ...
    @property
    def is_hit(self) -> bool: ...


@register.filter
def marked(parts: Iterable[Part]) -> SafeString:
    """The text of the parts, escaped, with `<mark>` around hits."""
    texts = (format_html("<mark>{}</mark>", part.text) if part.is_hit else part.text for part in parts)
    return format_html_join("", "{}", ((text,) for text in texts))
