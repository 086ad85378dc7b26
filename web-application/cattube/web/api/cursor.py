"""Pages of a list by cursor, which neither skip nor repeat when videos come and go meanwhile."""

import base64
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from cattube.errors import InvalidFields
from cattube.videos.library import ORDERS, in_order
from cattube.videos.models import Video

READERS: dict[str, Callable[[Any], Any]] = {
    "uploaded_at": lambda value: _aware(datetime.fromisoformat(value)),
    "title_key": lambda value: _storable(value),
    "length_key": float,
}


def page_after(
    videos: QuerySet[Video], *, order: str, cursor: str, limit: int
) -> tuple[list[Video], str | None]:
    """Up to `limit` videos after `cursor` ("" is the start), and the cursor of the next page or None.

    order: a key of ORDERS. Raises InvalidFields when the cursor is not one of ours.
    """
    key = ORDERS[order]
    field, is_descending = key.lstrip("-"), key.startswith("-")
    ordered = in_order(videos, order)
    if cursor:
        value, video_id = _decode(cursor, field)
        side = "lt" if is_descending else "gt"
        ordered = ordered.filter(
            Q(**{f"{field}__{side}": value}) | Q(**{field: value, f"id__{side}": video_id})
        )
    videos_and_next = list(ordered[: limit + 1])
    page = videos_and_next[:limit]
    return page, _encode(page[-1], field) if len(videos_and_next) > limit else None


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without its time zone")
    return moment


def _storable(value: Any) -> str:
    """Text of `value`, fit for comparison in any database. Raises ValueError."""
    text = str(value)
    if b"\0" in text.encode():  # which itself refuses what is no Unicode
        raise ValueError("a null in a text")
    return text


def _encode(video: Video, field: str) -> str:
    value = getattr(video, field)
    text = json.dumps([value.isoformat() if isinstance(value, datetime) else value, video.pk])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _decode(cursor: str, field: str) -> tuple[Any, str]:
    try:
        value, video_id = json.loads(base64.urlsafe_b64decode(cursor))
        return READERS[field](value), _storable(video_id)
    except (ValueError, TypeError, RecursionError) as error:
        raise InvalidFields("cursor: expected the `next` of an earlier answer") from error
