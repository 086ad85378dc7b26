"""Pages of a list that is sorted by a moment, newest first. They neither skip nor repeat."""

import base64
import json
from datetime import UTC, datetime
from typing import TypeVar

from django.db.models import BigIntegerField, Model, Q, QuerySet

from cattube.errors import InvalidFields

M = TypeVar("M", bound=Model)


def page_before(rows: QuerySet[M], *, moment: str, cursor: str, limit: int) -> tuple[list[M], str | None]:
    """Up to `limit` rows after `cursor` ("" is the start), and the cursor of the next page or None.

    moment: field of the rows. Raises InvalidFields when the cursor is not one of ours.
    """
    ordered = rows.order_by(f"-{moment}", "-pk")
    if cursor:
        at, row_id = _decode(cursor)
        ordered = ordered.filter(Q(**{f"{moment}__lt": at}) | Q(**{moment: at, "pk__lt": row_id}))
    rows_and_next = list(ordered[: limit + 1])
    page = rows_and_next[:limit]
    return page, _encode(page[-1], moment) if len(rows_and_next) > limit else None


def _encode(row: Model, moment: str) -> str:
    text = json.dumps([getattr(row, moment).isoformat(), row.pk])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _decode(cursor: str) -> tuple[datetime, int]:
    try:
        text, row_id = json.loads(base64.urlsafe_b64decode(cursor))
        return _aware(datetime.fromisoformat(text)), _storable(int(row_id))
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise InvalidFields("cursor: expected the `next` of an earlier answer") from error


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without its time zone")
    # Databases keep it in UTC, in which the first and the last day of the calendar may be beyond its end.
    return moment.astimezone(UTC)


def _storable(row_id: int) -> int:
    if not 0 <= row_id <= BigIntegerField.MAX_BIGINT:
        raise ValueError("more than a database keeps")
    return row_id
