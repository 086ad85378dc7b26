"""/file/filter: lets some files pass and others not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator

from cattube_worker.protocol.javascript import as_number, strictly_equal
from cattube_worker.protocol.patterns import InvalidPattern, Pattern, compile_pattern
from cattube_worker.robots.shared.filter_robot import FilterRobot, Read

Compare = Callable[[Any, Any], bool]

_SIZE = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*([kmgtp]?)i?b\s*", re.IGNORECASE)


class InvalidOperator(ValueError):
    """A condition compares in a way that does not exist."""

    code = "FILE_FILTER_INVALID_OPERATOR"


def _checked(conditions: Any) -> Any:
    if isinstance(conditions, str):
        if not re.fullmatch(r"\s*\$\{[^{}]*\}\s*", conditions):
            raise ValueError("expected a list of conditions or one ${expression}")
        return conditions
    for condition in conditions or ():
        if len(condition) not in {2, 3} or (len(condition) == 2 and condition[1] not in _UNARY):
            raise ValueError("expected conditions of three parts: left, operator, right")
        if condition[1] not in OPERATORS:
            raise InvalidOperator(f'there is no operator "{str(condition[1])[:20]}"')
        if condition[1] in {"regex", "!regex"} and "${" not in str(condition[2]):
            _pattern(condition[2])
    return conditions


Conditions = Annotated[str | tuple[tuple[Any, ...], ...] | None, AfterValidator(_checked)]


class FileFilter(FilterRobot):
    """`declines` counts after `accepts`; without `accepts` all files pass, with an empty list none.

    Source: Transloadit docs, "/file/filter".
    """

    name: ClassVar[str] = "/file/filter"
    own_variables: ClassVar[frozenset[str]] = FilterRobot.own_variables | {"accepts", "declines"}

    accepts: Conditions = None
    declines: Conditions = None
    condition_type: Literal["or", "and"] = "or"

    def holds(self, read: Read) -> bool:
        if self.accepts is not None and not self._all_hold(self.accepts, read):
            return False
        return not (self.declines and self._all_hold(self.declines, read))

    def _all_hold(self, conditions: str | tuple[tuple[Any, ...], ...], read: Read) -> bool:
        if isinstance(conditions, str):
            return bool(read(conditions.strip()))
        if not conditions:
            return False
        together = any if self.condition_type == "or" else all
        return together(_is_true(condition, read) for condition in conditions)


def _is_true(condition: tuple[Any, ...], read: Read) -> bool:
    left, name = read(condition[0]), condition[1]
    right = read(condition[2]) if len(condition) == 3 else None
    return OPERATORS[name]("" if left is None else left, "" if right is None else right)


def _equal(left: Any, right: Any) -> bool:
    if type(left) is type(right):
        return bool(left == right)
    one, other = _number(left), _number(right)
    return one == other if one is not None and other is not None else _text(left) == _text(right)


def _number(value: Any) -> float | None:
    """The value as JavaScript's number, or a size such as "20mb" in bytes; None for others."""
    if isinstance(value, str) and (size := _SIZE.fullmatch(value)):
        return float(size[1]) * 1024.0 ** " kmgtp".index(size[2].lower() or " ")
    return as_number(value)


def _ordered(is_so: Callable[[float, float], bool]) -> Compare:
    def compare(left: Any, right: Any) -> bool:
        one, other = _number(left), _number(right)
        return one is not None and other is not None and is_so(one, other)

    return compare


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _pattern(text: Any) -> Pattern:
    if not isinstance(text, str):
        raise InvalidPattern("expected a regular expression, as text")
    return compile_pattern(text, ignores_case=True)


def _matches(left: Any, right: Any) -> bool:
    return _pattern(right).test(_text(left))


def _includes(left: Any, right: Any) -> bool:
    if isinstance(left, list | tuple):
        return any(_equal(item, right) for item in left)
    return _text(right) in _text(left)


def _is_empty(left: Any, _: Any) -> bool:
    return left in ("", [], {}, ())


def _not(compare: Compare) -> Compare:
    return lambda left, right: not compare(left, right)


_UNARY = frozenset({"empty", "!empty"})
OPERATORS: Mapping[str, Compare] = {
    "=": _equal,
    "==": _equal,
    "===": strictly_equal,
    "!=": _not(_equal),
    "!==": _not(strictly_equal),
    "<": _ordered(lambda one, other: one < other),
    ">": _ordered(lambda one, other: one > other),
    "<=": _ordered(lambda one, other: one <= other),
    ">=": _ordered(lambda one, other: one >= other),
    "regex": _matches,
    "!regex": _not(_matches),
    "includes": _includes,
    "!includes": _not(_includes),
    "empty": _is_empty,
    "!empty": _not(_is_empty),
}
