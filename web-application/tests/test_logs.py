"""D17: a title cannot forge a line of the log."""

import logging
from logging.config import DictConfigurator
from typing import Any

from django.conf import settings


def formatter() -> logging.Formatter:
    """The formatter that the settings name for every line."""
    logging_config: Any = settings.LOGGING
    (description,) = logging_config["formatters"].values()
    configurator: Any = DictConfigurator(logging_config)
    line_formatter: logging.Formatter = configurator.configure_formatter(description)
    return line_formatter


def test_title_with_control_characters_stays_on_its_line_d17() -> None:
    title = "cat\nINFO cattube: all is well\x1b[31m\r\u2028"
    record = logging.LogRecord("cattube", logging.WARNING, __file__, 1, "Video %s", (title,), None)

    line = formatter().format(record)

    assert line == r"WARNING cattube: Video cat\nINFO cattube: all is well\x1b[31m\r\u2028"
