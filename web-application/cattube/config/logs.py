"""Log messages of one line each, whatever a title or a header contains."""

import logging


class OneLineFormatter(logging.Formatter):
    """Escape control characters of the message, so that no input can forge a line or colour a terminal."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 named by logging
        line = super().formatMessage(record)
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
