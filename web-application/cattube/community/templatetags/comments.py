"""Template filter for the text of a comment."""

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from cattube.community.time_links import split_times

register = template.Library()


@register.filter
def time_links(text: str) -> SafeString:
    """The text, escaped, with a link to each time that it names. Lines stay lines."""
    pieces = (
        escape(piece)
        if seconds is None
        else format_html('<a href="?t={}" data-seconds="{}">{}</a>', seconds, seconds, piece)
        for piece, seconds in split_times(text)
    )
    return mark_safe("".join(pieces).replace("\r\n", "\n").replace("\n", "<br>"))  # noqa: S308 each is escaped
