"""Schemas of requests and answers of the API."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints

from cattube.accounts.models import MAX_LABEL_CHARACTERS
from cattube.processing.transloadit.status import ASSEMBLY_ID
from cattube.videos.ids import LENGTH as MAX_ID_CHARACTERS
from cattube.videos.library import MAX_QUERY_CHARACTERS, NEWEST, ORDERS
from cattube.videos.models import MAX_DESCRIPTION_CHARACTERS, MAX_TITLE_CHARACTERS
from cattube.videos.tags import clean_tags
from cattube.videos.text import is_blank, stored


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("Leave out NUL characters.")
    return text


def _known_order(order: str) -> str:
    if order not in ORDERS:
        raise ValueError(f"Choose one of {', '.join(ORDERS)}.")
    return order


def _visible(text: str) -> str:
    if is_blank(text):
        raise ValueError("Write something that can be seen.")
    return text


def _stored(value: object) -> object:
    return stored(value) if isinstance(value, str) else value


NoNul = AfterValidator(_without_nul)
# Before the length is judged: it may change.
Normal = BeforeValidator(_stored)
Text = Annotated[str, NoNul]
Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TITLE_CHARACTERS),
    NoNul,
    AfterValidator(_visible),
    Normal,
]
Description = Annotated[str, StringConstraints(max_length=MAX_DESCRIPTION_CHARACTERS), NoNul, Normal]
Tags = Annotated[list[Text], Field(max_length=100), AfterValidator(clean_tags)]
Visibility = Literal["public", "unlisted", "private"]
AssemblyId = Annotated[str, StringConstraints(pattern=f"^{ASSEMBLY_ID.pattern}$")]
VideoId = Annotated[str, StringConstraints(max_length=MAX_ID_CHARACTERS), NoNul]
SizeBytes = Annotated[int, Field(ge=0, le=2**53)]

Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_LABEL_CHARACTERS), NoNul]
Scopes = Annotated[list[Literal["read", "upload", "edit", "delete"]], Field(min_length=1, max_length=20)]


class NewUploadIn(Schema):
    title: Title
    description: Description = ""
    visibility: Visibility | None = None
    tags: Tags = []
    filename: Annotated[str, StringConstraints(max_length=255), NoNul] = ""
    size_bytes: SizeBytes | None = None


class VideoChangesIn(Schema):
    """Only what is sent is changed."""

    title: Title | None = None
    description: Description | None = None
    visibility: Visibility | None = None
    tags: Tags | None = None
    assembly_id: AssemblyId | None = None


class BulkIn(Schema):
    videos: Annotated[list[VideoId], Field(min_length=1, max_length=100)]
    visibility: Visibility | None = None
    tags: Tags | None = None
    delete: bool = False


class VideoListIn(Schema):
    q: Annotated[str, StringConstraints(max_length=MAX_QUERY_CHARACTERS)] = ""
    tag: Annotated[str, StringConstraints(max_length=MAX_QUERY_CHARACTERS), NoNul] = ""
    order: Annotated[str, AfterValidator(_known_order)] = NEWEST
    cursor: Annotated[str, StringConstraints(max_length=2000)] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 24


class ErrorOut(Schema):
    error: str
    message: str


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
    is "improving" as long as more qualities are made. queue_position: 1 for the next, null when it does not
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
    phase: Literal["uploading", "queued", "processing", "storing", "improving"] | None
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
    links_last_seconds: int
    duration_seconds: float | None
    width: int | None
    height: int | None
    visibility: Visibility
    user: str
    uploaded_at: datetime
    assembly_id: str | None
    url: str
    can_edit: bool


class AssemblyOut(Schema):
    """Assembly options for Transloadit's SDKs and Uppy; `params` goes out exactly as it is."""

    service: str
    params: str
    signature: str
    fields: dict[str, str]


class BucketOut(Schema):
    """Upload to the bucket in parts of `part_bytes`; the last part has the rest."""

    size_bytes: int
    part_bytes: int


class UploadOut(Schema):
    """Either `assembly` or `bucket` is there, as the site is set up."""

    video: VideoOut
    assembly: AssemblyOut | None
    bucket: BucketOut | None


class PartOut(Schema):
    number: int
    size_bytes: int


class PartsOut(Schema):
    parts: list[PartOut]


class PartLinkOut(Schema):
    """url: presigned, for an hour and for exactly `size_bytes`."""

    url: str
    size_bytes: int


class VideoListOut(Schema):
    items: list[VideoOut]
    next: str | None


class BulkItemOut(Schema):
    """error: null when the video was changed as asked."""

    id: str
    error: VideoErrorOut | None


class BulkOut(Schema):
    items: list[BulkItemOut]


class NewTokenIn(Schema):
    label: Label = ""
    scopes: Scopes = ["read"]
    expires_at: AwareDatetime | None = None


class TokenOut(Schema):
    id: int
    label: str
    scopes: list[Literal["read", "upload", "edit", "delete"]]
    expires_at: datetime | None
    created_at: datetime
    last_used_at: datetime | None


class NewTokenOut(TokenOut):
    token: str


class TokenListOut(Schema):
    items: list[TokenOut]
    next: str | None
