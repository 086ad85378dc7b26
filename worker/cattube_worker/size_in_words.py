"""Sizes of files as people say them. Pure."""

from __future__ import annotations

_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")


def size_in_words(size_bytes: int) -> str:
    """The size with four digits, in the largest unit of which it has one: "1.5 GiB"."""
    size, unit = float(size_bytes), 0
    while size >= 1024 and unit < len(_UNITS) - 1:
        size, unit = size / 1024, unit + 1
    return f"{size:.4g} {_UNITS[unit]}"


def excess_in_words(size_bytes: int, most_bytes: int) -> str:
    """What is too large beside what is allowed; in bytes where both would read the same.

    "5.2 GiB, where 4 GiB are allowed"
    """
    size, most = size_in_words(size_bytes), size_in_words(most_bytes)
    if size == most:
        size, most = f"{size_bytes:,} bytes", f"{most_bytes:,} bytes"
    return f"{size}, where {most} are allowed"
