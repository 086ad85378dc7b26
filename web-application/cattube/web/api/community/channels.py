"""API of channels and of following them."""

from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status as Answer

from cattube.accounts.tokens.token_scopes import Scope
from cattube.channels.follows import is_following, set_follow
from cattube.channels.models import Channel
from cattube.channels.pictures.picture import clean_picture
from cattube.channels.pictures.stored_picture import set_picture
from cattube.errors import SiteError
from cattube.videos.access import listed_for
from cattube.videos.channel_access import can_edit_channel, channel_to_edit, channel_to_see
from cattube.web.api.auth import NEEDS_READ_OR_NOBODY, needs
from cattube.web.api.community.channel_schemas import ChannelChangesIn, ChannelOut, FollowersOut
from cattube.web.api.schemas import ErrorOut
from cattube.web.origins import own_origin
from cattube.web.person import person_of
from cattube.web.presentation import on_site

router = Router(tags=["channels"])
ERRORS: dict[Any, Any] = {frozenset({400, 401, 403, 404}): ErrorOut}


class NameTaken(SiteError):
    code, status = "NAME_TAKEN", 409

    def __init__(self, name: str) -> None:
        super().__init__(f"Another channel has the name {name}. Choose another one.")


@router.get(
    "/channels/{name}", response={200: ChannelOut, **ERRORS}, auth=NEEDS_READ_OR_NOBODY, url_name="channel"
)
def get_channel(request: HttpRequest, name: str) -> Answer[dict[str, Any]]:
    """A channel: of whom it is, and how many follow it."""
    return Answer(200, _answer(request, channel_to_see(name, request.user)))


@router.patch("/channels/{name}", response={200: ChannelOut, **ERRORS, 409: ErrorOut}, auth=needs(Scope.EDIT))
def change_channel(request: HttpRequest, name: str, changes: ChannelChangesIn) -> Answer[dict[str, Any]]:
    """Change the name, and so the address, or the words about your channel."""
    channel = channel_to_edit(name, request.user)
    values = {key: value for key, value in changes.dict(exclude_unset=True).items() if value is not None}
    for key, value in values.items():
        setattr(channel, key, value)
    try:
        with transaction.atomic():
            # Only these: somebody may follow at the same time.
            channel.save(update_fields=list(values))
    except IntegrityError as error:
        raise NameTaken(channel.name) from error
    return Answer(200, _answer(request, channel))


@router.put(
    "/channels/{name}/picture",
    response={200: ChannelOut, **ERRORS, 413: ErrorOut},
    auth=needs(Scope.EDIT),
    openapi_extra={
        "requestBody": {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}}
    },
)
def set_channel_picture(request: HttpRequest, name: str) -> Answer[dict[str, Any]]:
    """Give your channel the picture in the body: a PNG or a JPEG of at most 1 MB."""
    channel = channel_to_edit(name, request.user)
    set_picture(channel, clean_picture(request.body))
    return Answer(200, _answer(request, channel))


@router.delete("/channels/{name}/picture", response={204: None, **ERRORS}, auth=needs(Scope.EDIT))
def delete_channel_picture(request: HttpRequest, name: str) -> Answer[None]:
    """Take the picture of your channel away, whether it has one or not."""
    set_picture(channel_to_edit(name, request.user), None)
    return Answer(204, None)


@router.put("/channels/{name}/follow", response={200: FollowersOut, **ERRORS}, auth=needs(Scope.EDIT))
def follow_channel(request: HttpRequest, name: str) -> Answer[dict[str, int]]:
    """Follow a channel. A second time changes nothing."""
    return _follow(request, name, follows=True)


@router.delete("/channels/{name}/follow", response={200: FollowersOut, **ERRORS}, auth=needs(Scope.EDIT))
def unfollow_channel(request: HttpRequest, name: str) -> Answer[dict[str, int]]:
    """Follow it no more, whether you did or not."""
    return _follow(request, name, follows=False)


def _follow(request: HttpRequest, name: str, *, follows: bool) -> Answer[dict[str, int]]:
    channel = channel_to_see(name, request.user)
    return Answer(200, {"followers": set_follow(channel, person_of(request), follows=follows)})


def _answer(request: HttpRequest, channel: Channel) -> dict[str, Any]:
    return {
        "name": channel.name,
        "user": channel.owner.get_username(),
        "about": channel.about,
        "picture": on_site(own_origin(request), channel.picture_url) if channel.picture_url else None,
        "videos": listed_for(request.user).filter(owner_id=channel.owner_id).count(),
        "followers": channel.followers,
        "following": is_following(channel, request.user),
        "url": channel.get_absolute_url(),
        "can_edit": can_edit_channel(channel, request.user),
    }
