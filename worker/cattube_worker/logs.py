"""Log lines, one per event: a name with a line break in it cannot forge another (D17)."""

from __future__ import annotations

import logging


class OneLine(logging.Formatter):
    """Formatter that writes control characters as escapes; a traceback stays readable below its line."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (the library's name)
        line = super().formatMessage(record)
        return "".join(char if char.isprintable() else repr(char)[1:-1] for char in line)
