"""Schemas of views, positions and the history."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from cattube.web.api.videos.video_schemas import VideoOut

# More than four months.
Seconds = Annotated[int, Field(ge=0, le=10_000_000)]


class PositionIn(Schema):
    """seconds: from the beginning; 0 when the end was reached."""

    seconds: Seconds


class HistoryChangesIn(Schema):
    is_on: bool


class WatchedOut(Schema):
    video: VideoOut
    seconds: int
    watched_at: datetime


class HistoryOut(Schema):
    items: list[WatchedOut]
    next: str | None
    is_on: bool
