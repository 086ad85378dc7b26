"""Schemas of what one follows."""

from datetime import datetime

from ninja import Schema

from cattube.web.api.videos.video_schemas import VideoOut


class FollowedChannelOut(Schema):
    """user: whose channel it is. picture: its address."""

    name: str
    user: str
    about: str
    picture: str | None
    followers: int
    url: str
    followed_at: datetime


class FollowedChannelsOut(Schema):
    items: list[FollowedChannelOut]
    next: str | None


class FollowedVideosOut(Schema):
    items: list[VideoOut]
    next: str | None
