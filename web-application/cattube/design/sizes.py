"""Sizes as people say them, in the same words as `frontend/src/ui/words.ts`. Pure."""

from math import floor, log10

UNITS = ("B", "kB", "MB", "GB", "TB")


def size(size_bytes: int) -> str:
    """A size: `20 GB`, `1.2 GB`, `340 kB`."""
    power = _power_of(size_bytes)
    return f"{_in_unit(size_bytes, power)} {UNITS[power]}"


def size_of(part_bytes: int, whole_bytes: int) -> str:
    """Both in the unit of the whole: `1.2 of 3.5 GB`."""
    power = _power_of(whole_bytes)
    return f"{_in_unit(part_bytes, power)} of {_in_unit(whole_bytes, power)} {UNITS[power]}"


def _power_of(size_bytes: int) -> int:
    return min(floor(log10(size_bytes)) // 3, len(UNITS) - 1) if size_bytes > 0 else 0


def _in_unit(size_bytes: int, power: int) -> str:
    """One digit behind the point from MB on, and none where it would be zero."""
    value = size_bytes / 1000**power
    return f"{value:.0f}" if power < 2 or value >= 100 else f"{value:.1f}".removesuffix(".0")
