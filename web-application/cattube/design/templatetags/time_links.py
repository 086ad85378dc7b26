"""Template filter that turns times in a text into links that seek."""

import re

from django import template
from django.utils.html import urlize
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# 2:37, 02:37 or 1:02:37, on its own: no part of a longer number, a word or a path.
TIME = r"(?:(?P<hours>\d{1,2}):(?=\d\d:))?(?P<minutes>\d{1,3}):(?P<seconds>[0-5]\d)"
LINK_OR_TIME = re.compile(rf"<a\b.*?</a>|(?<![\w:./=&#]){TIME}(?![\w:/]|\.\w)", re.DOTALL)


@register.filter
def time_links(text: str, duration_seconds: float | None = None) -> SafeString:
    """HTML of plain `text`, its addresses and times as links; a time after the end of the video stays text.

    A time leads to this page at `?t=<seconds>`, so it works without a script, too.
    """
    linked = urlize(text, nofollow=True, autoescape=True)
    return mark_safe(LINK_OR_TIME.sub(lambda match: _link(match, duration_seconds), linked))  # noqa: S308 urlize has escaped it


def _link(match: re.Match[str], duration_seconds: float | None) -> str:
    if match["seconds"] is None:
        return match[0]
    if match["hours"] and int(match["minutes"]) > 59:
        return match[0]
    seconds = int(match["hours"] or 0) * 3600 + int(match["minutes"]) * 60 + int(match["seconds"])
    if duration_seconds is not None and seconds > duration_seconds:
        return match[0]
    return f'<a href="?t={seconds}">{match[0]}</a>'
