"""API of what one follows: the channels, and what is new in them."""

from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status as Answer

from cattube.accounts.tokens.token_scopes import Scope
from cattube.channels.models import Follow
from cattube.paging.by_moment import page_before
from cattube.videos.following import channels_followed, videos_followed
from cattube.web.api.auth import needs
from cattube.web.api.community.following_schemas import FollowedChannelsOut, FollowedVideosOut
from cattube.web.api.schemas import Cursor, ErrorOut, Limit
from cattube.web.origins import own_origin
from cattube.web.person import person_of
from cattube.web.presentation import on_site, videos_json

router = Router(tags=["channels"])
ERRORS: dict[Any, Any] = {frozenset({400, 401, 403}): ErrorOut}


@router.get("/following", response={200: FollowedChannelsOut, **ERRORS}, auth=needs(Scope.READ))
def list_followed_channels(
    request: HttpRequest, cursor: Cursor = "", limit: Limit = 24
) -> Answer[dict[str, Any]]:
    """Channels that you follow, the last chosen first."""
    rows = channels_followed(person_of(request))
    follows, following = page_before(rows, moment="created_at", cursor=cursor, limit=limit)
    site = own_origin(request)
    return Answer(200, {"items": [_channel(follow, site) for follow in follows], "next": following})


@router.get("/following/videos", response={200: FollowedVideosOut, **ERRORS}, auth=needs(Scope.READ))
def list_followed_videos(
    request: HttpRequest, cursor: Cursor = "", limit: Limit = 24
) -> Answer[dict[str, Any]]:
    """Public videos in the channels that you follow, newest first."""
    rows = videos_followed(person_of(request))
    videos, following = page_before(rows, moment="uploaded_at", cursor=cursor, limit=limit)
    return Answer(200, {"items": videos_json(videos, request, site=own_origin(request)), "next": following})


def _channel(follow: Follow, site: str) -> dict[str, Any]:
    channel = follow.channel
    return {
        "name": channel.name,
        "user": channel.owner.get_username(),
        "about": channel.about,
        "picture": on_site(site, channel.picture_url) if channel.picture_url else None,
        "followers": channel.followers,
        "url": channel.get_absolute_url(),
        "followed_at": follow.created_at,
    }
