"""Pages of a list of videos, onward and back, while videos come and go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from cattube.paging.cursors import Reader, read_cursor, read_digit, read_moment, read_text, write_cursor
from cattube.paging.keyset import name_of, reversed_order, rows_beyond
from cattube.search.listing.orders import ORDERS
from cattube.search.models import Entry

AFTER, BEFORE = "after", "before"
READERS: Mapping[str, Reader] = {
    "remoteness": read_digit,
    "uploaded_at": read_moment,
    "title_key": read_text,
    "length_seconds": float,
    "video_id": read_text,
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
    names = [name_of(column) for column in columns]
    side, values = _place_at(cursor, names) if cursor else (AFTER, [])
    if side == BEFORE:
        columns = reversed_order(columns)
        entries = entries.order_by(*columns)
    if cursor:
        entries = entries.filter(rows_beyond(columns, values))
    rows = list(entries.values_list(*names)[: limit + 1])
    has_more, rows = len(rows) > limit, rows[:limit]
    if side == BEFORE:
        rows.reverse()
    # Where one came from there is something; beyond, where a row was left over.
    has_next, has_previous = (True, has_more) if side == BEFORE else (has_more, bool(cursor))
    return Page(
        video_ids=[row[-1] for row in rows],
        next=write_cursor([AFTER, *rows[-1]]) if rows and has_next else None,
        previous=write_cursor([BEFORE, *rows[0]]) if rows and has_previous else None,
    )


def _place_at(cursor: str, names: Sequence[str]) -> tuple[str, list[Any]]:
    """Side of the row at which the cursor stands, and values of the row."""
    side, *values = read_cursor(cursor, [_read_side, *(READERS[name] for name in names)])
    return side, values


def _read_side(value: Any) -> str:
    if value not in (AFTER, BEFORE):
        raise ValueError("no side of a row")
    return str(value)
