"""Numbers in what programs say about files; nonsense is none. Pure."""

from __future__ import annotations

from fractions import Fraction


def number(value: object) -> float | None:
    """The number that a value states; None when it states none."""
    try:
        result = float(str(value))
    except ValueError:
        return None
    return result if -1e15 < result < 1e15 else None  # also drops inf and nan


def integer(value: object) -> int | None:
    """The whole number that a value states; None when it states none."""
    result = number(value)
    return None if result is None else int(result)


def fraction(value: object) -> Fraction | None:
    """The fraction that a value states, above 0; None when it states none."""
    try:
        result = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        return None
    return result if 0 < result < 10**6 else None
