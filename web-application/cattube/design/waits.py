"""Waits as people say them. Pure; the pages' scripts have the same in `ui/words.ts`."""

from math import ceil


def wait(seconds: float) -> str:
    """`40 s`, `6 min`, `1 h 5 min`. Rounded up, so that nothing takes longer than said."""
    if seconds < 60:
        return f"{max(1, ceil(seconds / 5) * 5)} s"
    minutes = ceil(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"
