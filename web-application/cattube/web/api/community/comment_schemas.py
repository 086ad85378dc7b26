"""Schemas of likes, comments and reports."""

from datetime import datetime
from typing import Annotated

from django.db.models import BigIntegerField
from ninja import Schema
from pydantic import AfterValidator, Field, StringConstraints

from cattube.community.models import MAX_COMMENT_CHARACTERS, MAX_REASON_CHARACTERS
from cattube.web.api.community.viewing_schemas import Seconds
from cattube.web.api.schemas import NoNul, Normal, visible

CommentText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_COMMENT_CHARACTERS),
    NoNul,
    AfterValidator(visible),
    Normal,
]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=MAX_REASON_CHARACTERS), NoNul, Normal
]
CommentId = Annotated[int, Field(ge=1, le=BigIntegerField.MAX_BIGINT)]


class LikesOut(Schema):
    likes: int


class NewCommentIn(Schema):
    """seconds: the moment of the video that it is about. parent: id of the comment that it replies to."""

    text: CommentText
    seconds: Seconds | None = None
    parent: CommentId | None = None


class CommentChangesIn(Schema):
    text: CommentText


class ReportIn(Schema):
    reason: Reason = ""


class ReplyOut(Schema):
    """user: who wrote it. channel: name of theirs, where the caller sees it. is_owner: of the video."""

    id: int
    user: str
    channel: str | None
    is_owner: bool
    text: str
    seconds: int | None
    parent: int | None
    created_at: datetime
    edited_at: datetime | None
    can_edit: bool
    can_delete: bool


class CommentOut(ReplyOut):
    replies: list[ReplyOut]


class CommentListOut(Schema):
    """total: with replies. is_open: comments can be written."""

    items: list[CommentOut]
    next: str | None
    total: int
    is_open: bool
