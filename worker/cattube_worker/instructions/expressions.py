"""Expressions: the part of JavaScript that instructions may compute with. Nothing is ever run as code.

Literals, properties, `!` `-`, `*` `/` `%`, `+`, comparisons, `&&` `||`, `?:`, Date.now() and a few of Math.
Source: Transloadit docs, "Dynamic Evaluation".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from cattube_worker.protocol.javascript import FUNCTIONS, OPERATORS, as_finite_number, as_text, negative

LONGEST = 1000
DEEPEST = 20

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
    r"""|(?P<name>[A-Za-z_$][\w$]*)|(?P<sign>===|!==|==|!=|<=|>=|&&|\|\||[-+*/%<>!?:().,\[\]]))"""
)
_CONSTANTS: Mapping[str, Any] = {"true": True, "false": False, "null": None, "undefined": None}
# From loose to tight; operators of one level bind equally, from the left.
_LEVELS = (("||",), ("&&",), ("==", "!=", "===", "!=="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))


class ExpressionError(ValueError):
    """The text is not an expression, or not one that this engine knows."""


def evaluate(text: str, read: Callable[[str], Any], *, now_ms: int) -> Any:
    """The value of the expression. read: the value of a dotted name, None for a name without one.

    Raises ExpressionError.
    """
    if len(text) > LONGEST:
        raise ExpressionError(f"the expression has {len(text):,} characters, where {LONGEST:,} are allowed")
    parser = _Parser(_tokens(text), read, now_ms)
    value = parser.conditional()
    if parser.rest:
        raise ExpressionError(f'"{parser.rest[0][1]}" was not expected')
    return value


def _tokens(text: str) -> list[tuple[str, str]]:
    """The tokens as (kind, text); kinds are the groups of _TOKEN."""
    tokens, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise ExpressionError(f'"{text[at : at + 20].strip()}" was not expected')
        kind = match.lastgroup or ""
        tokens.append((kind, match[kind]))
        at = match.end()
    return tokens


class _Parser:
    """Parses and evaluates in one pass, by recursive descent. rest: the tokens not read yet."""

    def __init__(self, tokens: list[tuple[str, str]], read: Callable[[str], Any], now_ms: int) -> None:
        self.rest, self._read, self._now_ms, self._depth = tokens, read, now_ms, 0

    def conditional(self) -> Any:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ExpressionError("the expression is nested too deeply")
        value = self._binary(0)
        if self._take("?"):
            if_true = self.conditional()
            self._expect(":")
            if_false = self.conditional()
            value = if_true if value else if_false
        self._depth -= 1
        return value

    def _binary(self, level: int) -> Any:
        if level == len(_LEVELS):
            return self._unary()
        value = self._binary(level + 1)
        while (sign := self._peek()) in _LEVELS[level]:
            self.rest.pop(0)
            value = OPERATORS[sign](value, self._binary(level + 1))
        return value

    def _unary(self) -> Any:
        signs: list[str] = []
        while self._peek() in {"!", "-"}:
            signs.append(self.rest.pop(0)[1])
        value = self._primary()
        for sign in reversed(signs):
            value = not value if sign == "!" else negative(value)
        return value

    def _primary(self) -> Any:
        if not self.rest:
            raise ExpressionError("the expression ends too early")
        kind, text = self.rest.pop(0)
        if kind == "number":
            return float(text) if "." in text else int(text)
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", text[1:-1])
        if text == "(":
            value = self.conditional()
            self._expect(")")
            return value
        if kind == "name":
            return _CONSTANTS[text] if text in _CONSTANTS else self._reference(text)
        raise ExpressionError(f'"{text}" was not expected')

    def _reference(self, name: str) -> Any:
        while True:
            if self._take("."):
                name += f".{self._next('name')}"
            elif self._take("["):
                name += f".{as_text(self.conditional())}"
                self._expect("]")
            elif self._take("("):
                return self._call(name)
            else:
                return self._read(name)

    def _call(self, name: str) -> Any:
        arguments = []
        while not self._take(")"):
            arguments.append(self.conditional())
            if self._peek() != ")":
                self._expect(",")
        if name == "Date.now" and not arguments:
            return self._now_ms
        if name not in FUNCTIONS or not arguments:
            raise ExpressionError(f"{name}() is not known here")
        numbers = [as_finite_number(argument) for argument in arguments]
        return None if None in numbers else FUNCTIONS[name](*numbers)

    def _peek(self) -> str:
        return self.rest[0][1] if self.rest and self.rest[0][0] == "sign" else ""

    def _take(self, sign: str) -> bool:
        if self._peek() != sign:
            return False
        self.rest.pop(0)
        return True

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise ExpressionError(f'"{sign}" was expected')

    def _next(self, kind: str) -> str:
        if not self.rest or self.rest[0][0] != kind:
            raise ExpressionError(f"a {kind} was expected")
        return self.rest.pop(0)[1]
