"""Pages of a list that is sorted by a moment, newest first."""

from typing import TypeVar

from django.db.models import IntegerField, Model, QuerySet

from cattube.paging.cursors import read_cursor, read_moment, read_row_id, read_text, write_cursor
from cattube.paging.keyset import rows_beyond

M = TypeVar("M", bound=Model)


def page_before(rows: QuerySet[M], *, moment: str, cursor: str, limit: int) -> tuple[list[M], str | None]:
    """Up to `limit` rows after `cursor` ("" is the start), and the cursor of the next page or None.

    moment: field of the rows. Raises InvalidFields when the cursor is not one of ours.
    """
    columns = (f"-{moment}", "-pk")
    rows = rows.order_by(*columns)
    if cursor:
        # AutoField is one of them; ids of videos and playlists are texts.
        read_id = read_row_id if isinstance(rows.model._meta.pk, IntegerField) else read_text
        rows = rows.filter(rows_beyond(columns, read_cursor(cursor, (read_moment, read_id))))
    page = list(rows[: limit + 1])
    has_more, page = len(page) > limit, page[:limit]
    return page, write_cursor([getattr(page[-1], moment), page[-1].pk]) if has_more else None
