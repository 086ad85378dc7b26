"""One event, one line: nobody forges a log entry by a name with a line break in it (D17)."""

from __future__ import annotations

import logging


class OneLine(logging.Formatter):
    """Writes control characters as escapes; a traceback stays readable below its line."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (the library's name)
        line = super().formatMessage(record)
        return "".join(each if each.isprintable() else repr(each)[1:-1] for each in line)
