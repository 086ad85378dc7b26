"""The small part of JavaScript that instructions may compute with. Pure; nothing of it is ever run as code.

Literals, properties, `!` `-`, `*` `/` `%`, `+`, comparisons, `&&` `||`, `?:`, Date.now() and a few of Math.
Source: Transloadit docs, "Dynamic Evaluation".
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

LONGEST = 1000
DEEPEST = 20

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
    r"""|(?P<name>[A-Za-z_$][\w$]*)|(?P<sign>===|!==|==|!=|<=|>=|&&|\|\||[-+*/%<>!?:().,\[\]]))"""
)
_WORDS: Mapping[str, Any] = {"true": True, "false": False, "null": None, "undefined": None}
# From loose to tight; operators of one row bind equally, from the left.
_ROWS = (("||",), ("&&",), ("==", "!=", "===", "!=="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))


class ExpressionError(ValueError):
    """The text is no expression that this engine knows."""


def evaluate(text: str, read: Callable[[str], Any], *, now_ms: int) -> Any:
    """What the expression comes to. read: the value of a dotted name, None for one that is not there.

    Raises ExpressionError.
    """
    if len(text) > LONGEST:
        raise ExpressionError("the expression is too long")
    reader = _Reader(_tokens(text), read, now_ms)
    value = reader.choice()
    if reader.left:
        raise ExpressionError(f'"{reader.left[0][1]}" was not expected')
    return value


def loosely_equal(one: Any, other: Any) -> bool:
    """Equality of JavaScript's "==": a number and its text are the same, and so are nothing and ""."""
    one, other = _nothing_as_text(one), _nothing_as_text(other)
    if type(one) is type(other):
        return bool(one == other)
    left, right = number(one), number(other)
    return left is not None and left == right


def strictly_equal(one: Any, other: Any) -> bool:
    one, other = _nothing_as_text(one), _nothing_as_text(other)
    are_numbers = _is_number(one) and _is_number(other)
    return (are_numbers or type(one) is type(other)) and bool(one == other)


def number(value: Any) -> float | None:
    """The value as a number; None when it is none."""
    if isinstance(value, bool | int | float):
        return float(value)
    try:
        found = float(value) if isinstance(value, str) and value.strip() else None
    except ValueError:
        return None
    return found if found is not None and math.isfinite(found) else None


def as_text(value: Any) -> str:
    """The value as it is put into a text; nothing, lists and objects leave it empty."""
    if value is None or isinstance(value, Mapping | list | tuple):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            raise ExpressionError(f'"{text[at : at + 20].strip()}" was not expected')
        kind = found.lastgroup or ""
        tokens.append((kind, found[kind]))
        at = found.end()
    return tokens


class _Reader:
    """Reads and computes in one go, from the loosest operator down."""

    def __init__(self, tokens: list[tuple[str, str]], read: Callable[[str], Any], now_ms: int) -> None:
        self.left, self._read, self._now_ms, self._depth = tokens, read, now_ms, 0

    def choice(self) -> Any:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ExpressionError("the expression is nested too deeply")
        value = self._row(0)
        if self._take("?"):
            yes = self.choice()
            self._expect(":")
            no = self.choice()
            value = yes if value else no
        self._depth -= 1
        return value

    def _row(self, row: int) -> Any:
        if row == len(_ROWS):
            return self._single()
        value = self._row(row + 1)
        while (sign := self._peek()) in _ROWS[row]:
            self.left.pop(0)
            value = _OPERATORS[sign](value, self._row(row + 1))
        return value

    def _single(self) -> Any:
        negations: list[str] = []
        while self._peek() in {"!", "-"}:
            negations.append(self.left.pop(0)[1])
        value = self._value()
        for sign in reversed(negations):
            value = not value if sign == "!" else _computed(operator.mul, value, -1)
        return value

    def _value(self) -> Any:
        if not self.left:
            raise ExpressionError("the expression ends too early")
        kind, text = self.left.pop(0)
        if kind == "number":
            return float(text) if "." in text else int(text)
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", text[1:-1])
        if text == "(":
            value = self.choice()
            self._expect(")")
            return value
        if kind == "name":
            return _WORDS[text] if text in _WORDS else self._named(text)
        raise ExpressionError(f'"{text}" was not expected')

    def _named(self, name: str) -> Any:
        while True:
            if self._take("."):
                name += f".{self._next('name')}"
            elif self._take("["):
                name += f".{as_text(self.choice())}"
                self._expect("]")
            elif self._take("("):
                return self._called(name)
            else:
                return self._read(name)

    def _called(self, name: str) -> Any:
        arguments = []
        while not self._take(")"):
            arguments.append(self.choice())
            if self._peek() != ")":
                self._expect(",")
        if name == "Date.now" and not arguments:
            return self._now_ms
        if name not in _FUNCTIONS or not arguments:
            raise ExpressionError(f"{name}() is not known here")
        numbers = [number(each) for each in arguments]
        return None if None in numbers else _FUNCTIONS[name](*numbers)

    def _peek(self) -> str:
        return self.left[0][1] if self.left and self.left[0][0] == "sign" else ""

    def _take(self, sign: str) -> bool:
        if self._peek() != sign:
            return False
        self.left.pop(0)
        return True

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise ExpressionError(f'"{sign}" was expected')

    def _next(self, kind: str) -> str:
        if not self.left or self.left[0][0] != kind:
            raise ExpressionError(f"a {kind} was expected")
        return self.left.pop(0)[1]


def _computed(function: Callable[[float, float], float], one: Any, other: Any) -> float | None:
    left, right = number(one), number(other)
    if left is None or right is None:
        return None
    try:
        value = function(left, right)
    except (ZeroDivisionError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def _plus(one: Any, other: Any) -> Any:
    if _is_number(one) and _is_number(other):
        return _computed(operator.add, one, other)
    return as_text(one) + as_text(other)


def _compared(function: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compare(one: Any, other: Any) -> bool:
        if isinstance(one, str) and isinstance(other, str):
            return function(one, other)
        left, right = number(one), number(other)
        return left is not None and right is not None and function(left, right)

    return compare


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _nothing_as_text(value: Any) -> Any:
    return "" if value is None else value


_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "||": lambda one, other: one or other,
    "&&": lambda one, other: one and other,
    "==": loosely_equal,
    "!=": lambda one, other: not loosely_equal(one, other),
    "===": strictly_equal,
    "!==": lambda one, other: not strictly_equal(one, other),
    "<": _compared(operator.lt),
    ">": _compared(operator.gt),
    "<=": _compared(operator.le),
    ">=": _compared(operator.ge),
    "+": _plus,
    "-": lambda one, other: _computed(operator.sub, one, other),
    "*": lambda one, other: _computed(operator.mul, one, other),
    "/": lambda one, other: _computed(operator.truediv, one, other),
    "%": lambda one, other: _computed(math.fmod, one, other) if number(other) else None,
}
_FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "Math.round": lambda value, *_: math.floor(value + 0.5),
    "Math.floor": lambda value, *_: math.floor(value),
    "Math.ceil": lambda value, *_: math.ceil(value),
    "Math.abs": lambda value, *_: abs(value),
    "Math.min": lambda *values: min(values),
    "Math.max": lambda *values: max(values),
}
