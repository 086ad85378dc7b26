"""Schemas of the trash."""

from datetime import datetime

from ninja import Schema

from cattube.web.api.schemas import Moment
from cattube.web.api.videos.video_schemas import VideoOut


class TrashedVideoOut(VideoOut):
    """size_bytes: that deleting it for ever frees."""

    trashed_at: datetime
    size_bytes: int


class TrashOut(Schema):
    """total, size_bytes: of all pages."""

    items: list[TrashedVideoOut]
    next: str | None
    total: int
    size_bytes: int


class EmptyingIn(Schema):
    """until: what came into the trash later stays."""

    until: Moment | None = None


class EmptiedOut(Schema):
    """left: videos that are still in the trash."""

    deleted: int
    left: int
