"""Log messages of one line each, whatever a title or a header contains, and no traceback of a refusal."""

import logging
from typing import Any

from django.http import UnreadablePostError

# As logging reads them.
SETTINGS: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "cattube.config.logs.OneLineFormatter",
            "format": "%(levelname)s %(name)s: %(message)s",
        }
    },
    "filters": {"refusals": {"()": "cattube.config.logs.RefusalFilter"}},
    "handlers": {
        "terminal": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusals"]}
    },
    "root": {"handlers": ["terminal"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["terminal"], "level": "INFO", "propagate": False},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # answered 400; scanners would fill the log
        "httpx": {"level": "WARNING"},
    },
}


class OneLineFormatter(logging.Formatter):
    """Escape control characters of the message, so that no input can forge a line or colour a terminal."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 named by logging
        line = super().formatMessage(record)
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


class RefusalFilter(logging.Filter):
    """Make a warning without traceback of what a client did wrong: anybody could fill the log with it.

    Django logs each refusal that was raised as an exception, with its traceback. A client that goes away
    in the middle of its request is an error to Django.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        is_refusal = 400 <= getattr(record, "status_code", 500) < 500
        if is_refusal or isinstance(error, UnreadablePostError):
            record.exc_info = record.exc_text = None
            record.levelno = min(record.levelno, logging.WARNING)
            record.levelname = logging.getLevelName(record.levelno)
        return True
