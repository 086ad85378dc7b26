"""Pages of a list by cursors, which neither skip nor repeat when videos come and go meanwhile.

A page is found by the row at its edge, so the two thousandth costs what the first does.
"""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet

from cattube.errors import InvalidFields
from cattube.search.models import Entry
from cattube.search.orders import ORDERS

AFTER, BEFORE = "after", "before"
SIDES = {side: side for side in (AFTER, BEFORE)}
READERS: Mapping[str, Callable[[Any], Any]] = {
    "remoteness": lambda value: _digit(value),
    "uploaded_at": lambda value: _moment(value),
    "title_key": lambda value: _storable(value),
    "length_seconds": float,
    "video_id": lambda value: _storable(value),
}


@dataclass(frozen=True)
class Page:
    """Ids of videos in their order; cursors of the pages beside it, None where the list ends."""

    video_ids: list[str]
    next: str | None
    previous: str | None


def page_at(entries: QuerySet[Entry], *, order: str, cursor: str, limit: int) -> Page:
    """Up to `limit` videos beside `cursor`, or the first ones for "".

    entries: sorted by `order`, a key of ORDERS. Raises InvalidFields when the cursor is not one of ours.
    """
    columns = ORDERS[order]
    side, values = _decode(cursor, columns) if cursor else (AFTER, [])
    if side == BEFORE:
        columns = tuple(_reversed(column) for column in columns)
        entries = entries.order_by(*columns)
    if cursor:
        entries = entries.filter(_beyond(columns, values))
    names = [column.lstrip("-") for column in columns]
    rows = list(entries.values_list(*names)[: limit + 1])
    has_more, rows = len(rows) > limit, rows[:limit]
    if side == BEFORE:
        rows.reverse()
    # Where one came from there is something; beyond, where a row was left over.
    has_next, has_previous = (True, has_more) if side == BEFORE else (has_more, bool(cursor))
    return Page(
        video_ids=[row[-1] for row in rows],
        next=_encode(AFTER, rows[-1]) if rows and has_next else None,
        previous=_encode(BEFORE, rows[0]) if rows and has_previous else None,
    )


def _beyond(columns: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows that come after the row with these values."""
    condition, equal = Q(), Q()
    for column, value in zip(columns, values, strict=True):
        condition |= equal & Q((f"{column.lstrip('-')}__{_side(column)}", value))
        equal &= Q((column.lstrip("-"), value))
    # Says nothing new, but lets a database begin in the middle of an index.
    return Q((f"{columns[0].lstrip('-')}__{_side(columns[0])}e", values[0])) & condition


def _side(column: str) -> str:
    return "lt" if column.startswith("-") else "gt"


def _reversed(column: str) -> str:
    return column[1:] if column.startswith("-") else f"-{column}"


def _encode(side: str, row: Sequence[Any]) -> str:
    values = [value.isoformat() if isinstance(value, datetime) else value for value in row]
    return base64.urlsafe_b64encode(json.dumps([side, *values]).encode()).decode()


def _decode(cursor: str, columns: Sequence[str]) -> tuple[str, list[Any]]:
    try:
        side, *values = json.loads(base64.urlsafe_b64decode(cursor))
        pairs = zip(columns, values, strict=True)
        return SIDES[side], [READERS[column.lstrip("-")](value) for column, value in pairs]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise InvalidFields("cursor: expected the `next` of an earlier answer") from error


def _digit(value: Any) -> int:
    if value not in range(10):
        raise ValueError("no digit")
    return int(value)


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a moment without its time zone")
    # Here, where what lies beyond the calendar is an error of the caller.
    return moment.astimezone(UTC)


def _storable(value: Any) -> str:
    """Text of `value`, fit for comparison in any database. Raises ValueError."""
    text = str(value)
    if b"\0" in text.encode():  # which itself refuses what is no Unicode
        raise ValueError("a null in a text")
    return text
