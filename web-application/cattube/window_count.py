"""Counts of what happens within a window of time. Each process counts for itself, in its memory."""

from django.core.cache import cache


def count_in_window(key: str, window_seconds: int) -> int:
    """Count one more of `key`; how many there are in its window, which begins with the first."""
    if cache.add(key, 1, window_seconds):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # the window ended between the two lines
        return 1
