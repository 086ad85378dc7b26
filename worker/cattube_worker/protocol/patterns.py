"""Regular expressions that come from outside: read as JavaScript reads them, in time linear in the text.

RE2 tries no path twice, so that no pattern freezes the engine. What it cannot do so is refused: looking
ahead or behind, and references back to a group (docs/decisions.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re2

LONGEST_PATTERN = 200
# Work grows with text times pattern: both are bounded, the pattern as compiled too.
LONGEST_SUBJECT = 4096
_MAX_COMPILED_BYTES = 256 * 1024
# JavaScript's escapes by number; an escaped backslash is passed over, so that what follows it stays as it is.
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)


class InvalidPattern(ValueError):
    """The text is no regular expression, or one that this engine does not run."""


@dataclass(frozen=True)
class Pattern:
    """A regular expression that was compiled. search: what it finds in a text, or None."""

    search: Callable[[str], object]

    def test(self, text: str) -> bool:
        """True when the pattern is found in the start of the text, as JavaScript's `test` says it."""
        return self.search(_encodable(text[:LONGEST_SUBJECT])) is not None


# Cached, because a filter asks for each file.
@lru_cache(maxsize=256)
def compile_pattern(text: str, *, ignores_case: bool) -> Pattern:
    """The pattern. Raises InvalidPattern."""
    # Imported with the first pattern: few instructions have one.
    import re2

    if len(text) > LONGEST_PATTERN:
        raise InvalidPattern(
            f"expected a regular expression of at most {LONGEST_PATTERN} characters, not {len(text)}"
        )
    try:
        return Pattern(re2.compile(_in_re2(text), _options(ignores_case)).search)
    except re2.error as error:
        raise InvalidPattern(f"expected a regular expression that RE2 knows: {_reason(error)}") from None


def _options(ignores_case: bool) -> re2.Options:
    import re2

    options = re2.Options()
    options.case_sensitive = not ignores_case
    options.max_mem = _MAX_COMPILED_BYTES
    options.log_errors = False
    return options


def _in_re2(text: str) -> str:
    return _ESCAPE.sub(lambda match: f"\\x{{{match[1]}}}" if match[1] else match[0], _encodable(text))


def _encodable(text: str) -> str:
    """The text without halves of characters, which RE2 does not take."""
    return text.encode("utf-8", "replace").decode()


def _reason(error: re2.error) -> str:
    """RE2's words, such as "invalid perl operator: (?<=", as far as they are for people."""
    raw = error.args[0] if error.args else b""
    words = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
    if "invalid perl operator" in words:
        return f"{words.rpartition(': ')[2]} looks ahead or behind, which is not possible here"
    if re.search(r"invalid escape sequence: \\[1-9k]", words):
        return f"{words.rpartition(': ')[2]} refers back to a group, which is not possible here"
    return words
