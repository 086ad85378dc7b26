"""Schemas of playlists."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import AfterValidator, Field, StringConstraints

from cattube.playlists.models import MAX_TITLE_CHARACTERS
from cattube.playlists.playlists import MAX_VIDEOS
from cattube.web.api.schemas import NoNul, Normal, Visibility, visible
from cattube.web.api.videos.video_schemas import VideoOut

PlaylistTitle = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TITLE_CHARACTERS),
    NoNul,
    AfterValidator(visible),
    Normal,
]


class NewPlaylistIn(Schema):
    title: PlaylistTitle
    visibility: Visibility = "private"


class PlaylistChangesIn(Schema):
    """Only what is sent is changed. videos: ids of its videos that come first, in this order."""

    title: PlaylistTitle | None = None
    visibility: Visibility | None = None
    videos: Annotated[list[str], Field(max_length=MAX_VIDEOS)] | None = None


class PlaylistOut(Schema):
    """video_count: of the videos that the caller may watch."""

    id: str
    title: str
    visibility: Visibility
    user: str
    is_watch_later: bool
    video_count: int
    created_at: datetime
    url: str
    can_edit: bool


class PlaylistListOut(Schema):
    items: list[PlaylistOut]
    next: str | None


class PlaylistWithVideosOut(PlaylistOut):
    """next: cursor of the videos that follow these."""

    videos: list[VideoOut]
    next: str | None
