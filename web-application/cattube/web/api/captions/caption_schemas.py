"""Schemas of captions, transcripts and chapters in the API."""

from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from cattube.captions.models import MAX_LABEL_CHARACTERS
from cattube.captions.transcripts import MAX_QUERY_CHARACTERS


class CaptionOut(Schema):
    """Captions in one language; `url` gives them as WebVTT."""

    language: str
    label: str
    kind: Literal["captions", "subtitles"]
    source: Literal["uploaded", "automatic"]
    url: str


class CaptionListOut(Schema):
    items: list[CaptionOut]
    next: str | None


class CaptioningOut(Schema):
    """Captions that a machine makes of what is said. error: why it could not, for the owner."""

    state: Literal["waiting", "working", "done", "failed"]
    percent: int
    error: str | None


class AutomaticCaptionsIn(Schema):
    """language: what is spoken; found out without it."""

    automatic: Literal[True]
    language: Annotated[str, StringConstraints(max_length=100)] = ""


class CaptionDetailsIn(Schema):
    """Of the file in the body. What is left out stays as it is; a new language is named by itself."""

    label: Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_LABEL_CHARACTERS)] = ""
    kind: Literal["captions", "subtitles"] | None = None


class TranscriptIn(Schema):
    q: Annotated[str, StringConstraints(max_length=MAX_QUERY_CHARACTERS)] = ""
    language: Annotated[str, StringConstraints(max_length=100)] = ""
    cursor: Annotated[str, StringConstraints(pattern="^[0-9]{0,9}$")] = ""
    limit: Annotated[int, Field(ge=1, le=2000)] = 1000


class SpokenOut(Schema):
    start_seconds: float
    end_seconds: float
    text: str


class TranscriptOut(Schema):
    items: list[SpokenOut]
    next: str | None


class ChapterOut(Schema):
    start_seconds: float
    title: str


class ChapterListOut(Schema):
    items: list[ChapterOut]
    next: str | None


class ChapterListIn(Schema):
    items: list[ChapterOut]
