"""Schemas of channels."""

from typing import Annotated

from ninja import Schema
from pydantic import StringConstraints

from cattube.channels.models import MAX_ABOUT_CHARACTERS
from cattube.channels.names import MAX_NAME_CHARACTERS, PATTERN
from cattube.web.api.schemas import NoNul, Normal

ChannelName = Annotated[str, StringConstraints(max_length=MAX_NAME_CHARACTERS, pattern=rf"^{PATTERN}$")]
About = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=MAX_ABOUT_CHARACTERS), NoNul, Normal
]


class ChannelOut(Schema):
    """user: whose channel it is. videos: those that the caller sees in lists. picture: its address."""

    name: str
    user: str
    about: str
    picture: str | None
    videos: int
    followers: int
    following: bool
    url: str
    can_edit: bool


class ChannelChangesIn(Schema):
    """Only what is sent is changed."""

    name: ChannelName | None = None
    about: About | None = None


class FollowersOut(Schema):
    followers: int
