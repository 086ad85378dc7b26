"""Schemas of requests and answers of the API."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints

from cattube.accounts.models import MAX_LABEL_CHARACTERS
from cattube.processing.transloadit.status import ASSEMBLY_ID
from cattube.search.filters import PLACES
from cattube.search.orders import ORDERS
from cattube.search.query import MAX_QUERY_CHARACTERS
from cattube.videos.ids import LENGTH as MAX_ID_CHARACTERS
from cattube.videos.models import MAX_DESCRIPTION_CHARACTERS, MAX_TITLE_CHARACTERS
from cattube.videos.tags import clean_tags
from cattube.videos.text import is_blank, stored
from cattube.web.api.captions.caption_schemas import CaptioningOut, CaptionOut, ChapterOut


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("Leave out NUL characters.")
    return text


def _known_order(order: str) -> str:
    if order and order not in ORDERS:
        raise ValueError(f"Choose one of {', '.join(ORDERS)}.")
    return order


def _known_place(place: str) -> str:
    if place not in PLACES:
        raise ValueError(f"Choose one of {', '.join(filter(None, PLACES))}.")
    return place


def _in_calendar(moment: datetime) -> datetime:
    """The moment in UTC, in which databases compare it. Raises ValueError beyond the calendar."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("Give a time within the years 1 to 9999.") from error


def visible(text: str) -> str:
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
    AfterValidator(visible),
    Normal,
]
Description = Annotated[str, StringConstraints(max_length=MAX_DESCRIPTION_CHARACTERS), NoNul, Normal]
Tags = Annotated[list[Text], Field(max_length=100), AfterValidator(clean_tags)]
Visibility = Literal["public", "unlisted", "private"]
AssemblyId = Annotated[str, StringConstraints(pattern=f"^{ASSEMBLY_ID.pattern}$")]
VideoId = Annotated[str, StringConstraints(max_length=MAX_ID_CHARACTERS), NoNul]
Cursor = Annotated[str, StringConstraints(max_length=2000)]
Limit = Annotated[int, Field(ge=1, le=100)]
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
    comments_allowed: bool | None = None


class BulkIn(Schema):
    videos: Annotated[list[VideoId], Field(min_length=1, max_length=100)]
    visibility: Visibility | None = None
    tags: Tags | None = None
    delete: bool = False


Searched = Annotated[str, StringConstraints(max_length=MAX_QUERY_CHARACTERS)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_calendar)]
Seconds = Annotated[float, Field(ge=0, le=10**9)]


class VideoListIn(Schema):
    """longer, shorter: seconds, the first of them included. after, before: of the upload, likewise."""

    q: Searched = ""
    place: Annotated[str, AfterValidator(_known_place)] = ""
    channel: Annotated[Searched, NoNul] = ""
    tag: Annotated[Searched, NoNul] = ""
    status: Literal["", "uploading", "processing", "ready", "failed"] = ""
    visibility: Literal["", "public", "unlisted", "private"] = ""
    longer: Seconds | None = None
    shorter: Seconds | None = None
    after: Moment | None = None
    before: Moment | None = None
    order: Annotated[str, AfterValidator(_known_order)] = ""
    cursor: Cursor = ""
    limit: Limit = 24


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


class MatchPartOut(Schema):
    text: str
    is_hit: bool


class MatchOut(Schema):
    """Text in which words of a query were found, and its parts. seconds: of the video, where it is spoken."""

    field: Literal["title", "channel", "tags", "description", "transcript"]
    text: str
    parts: list[MatchPartOut]
    seconds: float | None


class ListedVideoOut(VideoOut):
    """matches: of a search; without one there are none."""

    matches: list[MatchOut]


class VideoListOut(Schema):
    """total: of all pages. A search counts and sorts 1,000 at most: hits in titles first, then the newest."""

    items: list[ListedVideoOut]
    next: str | None
    previous: str | None
    total: int


class SuggestIn(Schema):
    q: Searched = ""


class SuggestionOut(Schema):
    """kind `search` is another query, for one that finds nothing."""

    text: str
    kind: Literal["video", "tag", "channel", "search"]
    url: str


class SuggestionListOut(Schema):
    items: list[SuggestionOut]


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
