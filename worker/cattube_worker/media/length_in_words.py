"""Lengths as people say them. Pure."""

from __future__ import annotations

import math

_UNITS = (("hour", 3600), ("minute", 60), ("second", 1))


def length_in_words(seconds: float) -> str:
    """The length in hours, minutes and seconds, without those that are none; a part of a second counts whole.

    18000 becomes "5 hours", 14400.5 "4 hours 1 second": it is always more than "4 hours".
    """
    left = max(math.ceil(seconds), 1)
    words = []
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            words.append(f"{count} {unit}{'s' if count > 1 else ''}")
    return " ".join(words)
