"""What a person follows: the channels, and what is new in them. Only what they may still see."""

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet

from cattube.channels.models import Follow
from cattube.videos import access
from cattube.videos.models import Video


def channels_followed(person: User) -> QuerySet[Follow]:
    """Follows of the person with their channels, but of channels in which nothing is shared any more."""
    something = Video.objects.filter(access.listed(person), owner_id=OuterRef("channel_id"))
    follows = Follow.objects.filter(Exists(something), user=person)
    return follows.select_related("channel__owner")


def videos_followed(person: User) -> QuerySet[Video]:
    """Public videos in the channels that the person follows."""
    listed = access.with_related().filter(access.public_and_ready(), trashed_at=None)
    return listed.filter(owner__channel__follows__user=person)
