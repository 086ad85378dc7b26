"""Template filters for lengths, ages and avatars."""

from datetime import datetime
from zlib import crc32

from django import template
from django.utils import timezone

from cattube.design import sizes

register = template.Library()

UNITS = (
    ("year", 31_536_000),
    ("month", 2_592_000),
    ("week", 604_800),
    ("day", 86_400),
    ("hour", 3_600),
    ("minute", 60),
)
TONES = 4


register.filter("size", sizes.size)


@register.filter
def clock(seconds: float | None) -> str:
    """Length as a player shows it: 2:05, 1:12:33. Empty when it is not known."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@register.filter
def age(moment: datetime | None) -> str:
    """Time since `moment` in one unit: `just now`, `1 hour ago`, `3 days ago`."""
    if moment is None:
        return ""
    return _ago((timezone.now() - moment).total_seconds())


def _ago(seconds: float) -> str:
    for unit, length in UNITS:
        count = int(seconds // length)
        if count >= 1:
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"


@register.filter
def initials(name: object) -> str:
    """Up to two letters for an avatar: `alice` is AL, `Bo Hansen` is BH."""
    words = str(name).replace("_", " ").replace(".", " ").replace("-", " ").split()
    letters = "".join(word[0] for word in words[:2]) if len(words) > 1 else "".join(words)[:2]
    return letters.upper()


@register.filter
def tone(name: object) -> int:
    """Avatar colour of `name`, 1 to 4; the same name always has the same one."""
    return crc32(str(name).encode()) % TONES + 1
