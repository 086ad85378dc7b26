"""Times of cues. Pure."""

import re

# Longer than any video; a player counts on in floating point, where milliseconds are still exact.
MAX_SECONDS = 360_000.0
# Hours may have any length; a number of minutes above 59 is a mistake.
TIME = r"(?:(\d{1,20}):)?([0-5]?\d):([0-5]?\d)(?:[.,](\d{3}))?"
_TIME = re.compile(TIME, re.ASCII)


def seconds_of(hours: str | None, minutes: str, seconds: str, milliseconds: str | None) -> float:
    """Seconds from the groups of `TIME`. May be above MAX_SECONDS."""
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + int(milliseconds or 0) / 1000


def read_time(text: str) -> float | None:
    """Seconds of a time as `1:02:03.450`, `2:03` or, with a comma, SubRip's; None when it is none."""
    match = _TIME.fullmatch(text.strip())
    return seconds_of(match[1], match[2], match[3], match[4]) if match else None


def written_time(seconds: float) -> str:
    """Time as WebVTT writes it: `00:02:03.450`."""
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"
