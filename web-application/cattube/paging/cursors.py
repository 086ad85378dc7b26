"""Cursors: where a page of a list ends, as a text that clients send back.

Anybody may write one, so a cursor gives nothing that its caller could not ask for, and each value in it is
read by a reader that says what is possible.
"""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import BigIntegerField

from cattube.errors import InvalidFields

# Makes a value of what JSON had; raises ValueError or TypeError for anything else.
Reader = Callable[[Any], Any]


def write_cursor(values: Sequence[Any]) -> str:
    """Cursor of these values: texts, numbers and moments."""
    written = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(written).encode()).decode()


def read_cursor(cursor: str, readers: Sequence[Reader]) -> list[Any]:
    """Values of a cursor, one for each reader. Raises InvalidFields when it is not one of ours."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor))
        return [reader(value) for reader, value in zip(readers, values, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise InvalidFields("cursor: expected the `next` of an earlier answer") from error


def read_moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a moment without its time zone")
    # Databases keep it in UTC, in which the first and the last day of the calendar may be beyond its end.
    return moment.astimezone(UTC)


def read_text(value: Any) -> str:
    """Text fit for comparison in any database."""
    text = str(value)
    if b"\0" in text.encode():  # which itself refuses what is no Unicode
        raise ValueError("a null in a text")
    return text


def read_row_id(value: Any) -> int:
    row_id = int(value)
    if not 0 <= row_id <= BigIntegerField.MAX_BIGINT:
        raise ValueError("more than a database keeps")
    return row_id


def read_digit(value: Any) -> int:
    if value not in range(10):
        raise ValueError("no digit")
    return int(value)
