"""Schemas of one video: as it is shown, and what of it can be changed."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import StringConstraints

from cattube.processing.transloadit.status.assembly_status import ASSEMBLY_ID
from cattube.web.api.captions.caption_schemas import CaptioningOut, CaptionOut, ChapterOut
from cattube.web.api.schemas import Description, Tags, Text, Title, Visibility

AssemblyId = Annotated[str, StringConstraints(pattern=f"^{ASSEMBLY_ID.pattern}$")]


class VideoChangesIn(Schema):
    """Only what is sent is changed."""

    title: Title | None = None
    description: Description | None = None
    visibility: Visibility | None = None
    tags: Tags | None = None
    channel: Text | None = None
    assembly_id: AssemblyId | None = None
    comments_allowed: bool | None = None


class VideoErrorOut(Schema):
    code: str
    message: str


class SourceOut(Schema):
    url: str
    type: str
    width: int | None
    height: int | None
    label: str


class OriginalOut(Schema):
    url: str
    type: str


class GrowingOut(Schema):
    url: str
    type: str


class StoryboardOut(Schema):
    """Picture of `columns` by `rows` tiles: the video's moments, in reading order, equally far apart.

    cues: the same as WebVTT, for players that read that.
    """

    url: str
    columns: int
    rows: int
    tile_width: int
    tile_height: int
    seconds_per_tile: float
    cues: str


class VideoOut(Schema):
    """progress: percent of the present status. phase: what is being done; null once nothing is. A ready video
    is "improving" as long as more qualities are made, and one is "held" while no machine is there that would
    go on with it. queue_position: 1 for the next, null when it does not
    wait or nobody knows. seconds_left: of the present status, judged by how fast it went so far; null while
    that says nothing.

    sources: files that play in one piece. original: the file as it arrived, for its owner while it is
    processed. growing: a stream of what is encoded so far, until the video is ready; it may be gone before.
    hls: all qualities.

    transcoded, thumbnail, sources, hls and storyboard are links that expire, within the hour: after
    `links_last_seconds`.
    """

    id: str
    title: str
    description: str
    tags: list[str]
    status: Literal["uploading", "processing", "ready", "failed"]
    progress: int
    phase: Literal["uploading", "queued", "held", "processing", "storing", "improving"] | None
    queue_position: int | None
    seconds_left: int | None
    error: VideoErrorOut | None
    transcoded: str | None
    thumbnail: str | None
    sources: list[SourceOut]
    original: OriginalOut | None
    growing: GrowingOut | None
    hls: str | None
    storyboard: StoryboardOut | None
    captions: list[CaptionOut]
    captioning: CaptioningOut | None
    chapters: list[ChapterOut]
    links_last_seconds: int
    duration_seconds: float | None
    width: int | None
    height: int | None
    visibility: Visibility
    views: int
    likes: int
    liked: bool
    comments_allowed: bool
    user: str
    channel: str | None
    uploaded_at: datetime
    assembly_id: str | None
    url: str
    can_edit: bool
