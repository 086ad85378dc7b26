"""D17: a name cannot forge a line of the log."""

from __future__ import annotations

import logging
import sys

from cattube_worker.logs import OneLine


def record(message: str) -> logging.LogRecord:
    return logging.LogRecord("cattube", logging.INFO, __file__, 1, "Received %s", (message,), None)


def test_d17_a_name_with_control_characters_stays_on_its_line() -> None:
    line = OneLine("%(levelname)s %(message)s").format(record("cat\nINFO all is well\x1b[31m\r\u2028"))

    assert line == r"INFO Received cat\nINFO all is well\x1b[31m\r\u2028"


def test_a_traceback_stays_readable_below_its_line() -> None:
    try:
        int("no cat")
    except ValueError:
        failed = logging.LogRecord("cattube", logging.ERROR, __file__, 1, "Failed", (), sys.exc_info())

    first, *following = OneLine().format(failed).splitlines()

    assert first == "Failed"
    assert following[-1].startswith("ValueError: ")
