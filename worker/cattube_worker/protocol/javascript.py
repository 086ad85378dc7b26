"""JavaScript's values: how they read as numbers and texts, compare, and compute.

Instructions compare and compute with them, in expressions and in the conditions of /file/filter.
Nothing (null and undefined alike) is None.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

# A short expression may add a long text to itself again and again.
LONGEST_TEXT = 2**20

Operator = Callable[[Any, Any], Any]


def as_number(value: Any) -> float | None:
    """The value as a number, which may be infinite; None for what is not one."""
    try:
        return float(value) if isinstance(value, bool | int | float | str) else None
    except (ValueError, OverflowError):  # no number, or a whole one beyond all that JavaScript has
        return None


def as_finite_number(value: Any) -> float | None:
    """As `as_number`, but None for texts such as "Infinity" and "NaN"."""
    number = as_number(value)
    is_finite = number is not None and (not isinstance(value, str) or math.isfinite(number))
    return number if is_finite else None


def as_text(value: Any) -> str:
    """The value within a text; nothing, lists and objects leave it empty."""
    if value is None or isinstance(value, Mapping | list | tuple):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def is_number(value: Any) -> bool:
    """True when the value is a number already; true and false are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def strictly_equal(one: Any, other: Any) -> bool:
    """Equality of "===": of the same type and value. Nothing equals the empty text."""
    one, other = _nothing_as_text(one), _nothing_as_text(other)
    are_numbers = is_number(one) and is_number(other)
    return (are_numbers or type(one) is type(other)) and bool(one == other)


def loosely_equal(one: Any, other: Any) -> bool:
    """Equality of "==": a number equals its text. Nothing equals the empty text."""
    one, other = _nothing_as_text(one), _nothing_as_text(other)
    if type(one) is type(other):
        return bool(one == other)
    left, right = as_finite_number(one), as_finite_number(other)
    return left is not None and left == right


def _nothing_as_text(value: Any) -> Any:
    return "" if value is None else value


def _compute(function: Callable[[float, float], float], one: Any, other: Any) -> float | None:
    left, right = as_finite_number(one), as_finite_number(other)
    if left is None or right is None:
        return None
    try:
        value = function(left, right)
    except (ZeroDivisionError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def _add(one: Any, other: Any) -> Any:
    if is_number(one) and is_number(other):
        return _compute(operator.add, one, other)
    left, right = as_text(one), as_text(other)
    return left + right if len(left) + len(right) <= LONGEST_TEXT else None


def _ordering(function: Callable[[Any, Any], bool]) -> Operator:
    """Texts compare as texts; everything else as numbers."""

    def compare(one: Any, other: Any) -> bool:
        if isinstance(one, str) and isinstance(other, str):
            return function(one, other)
        left, right = as_finite_number(one), as_finite_number(other)
        return left is not None and right is not None and function(left, right)

    return compare


def negative(value: Any) -> float | None:
    """The value of the sign "-" before a value; None where that is no number."""
    return _compute(operator.mul, value, -1)


OPERATORS: Mapping[str, Operator] = {
    "||": lambda one, other: one or other,
    "&&": lambda one, other: one and other,
    "==": loosely_equal,
    "!=": lambda one, other: not loosely_equal(one, other),
    "===": strictly_equal,
    "!==": lambda one, other: not strictly_equal(one, other),
    "<": _ordering(operator.lt),
    ">": _ordering(operator.gt),
    "<=": _ordering(operator.le),
    ">=": _ordering(operator.ge),
    "+": _add,
    "-": lambda one, other: _compute(operator.sub, one, other),
    "*": lambda one, other: _compute(operator.mul, one, other),
    "/": lambda one, other: _compute(operator.truediv, one, other),
    "%": lambda one, other: _compute(math.fmod, one, other) if as_finite_number(other) else None,
}
# They take finite numbers, at least one.
FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "Math.round": lambda value, *_: math.floor(value + 0.5),
    "Math.floor": lambda value, *_: math.floor(value),
    "Math.ceil": lambda value, *_: math.ceil(value),
    "Math.abs": lambda value, *_: abs(value),
    "Math.min": lambda *values: min(values),
    "Math.max": lambda *values: max(values),
}
