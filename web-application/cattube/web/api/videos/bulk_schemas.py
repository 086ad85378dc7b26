"""Schemas of changes to many videos at once."""

from typing import Annotated

from ninja import Schema
from pydantic import Field

from cattube.web.api.schemas import Tags, VideoId, Visibility
from cattube.web.api.videos.video_schemas import VideoErrorOut


class BulkIn(Schema):
    videos: Annotated[list[VideoId], Field(min_length=1, max_length=100)]
    visibility: Visibility | None = None
    tags: Tags | None = None
    retry: bool = False
    delete: bool = False


class BulkItemOut(Schema):
    """error: null when the video was changed as asked."""

    id: str
    error: VideoErrorOut | None


class BulkOut(Schema):
    items: list[BulkItemOut]
