"""Rights of viewers about channels: a channel is seen when something in it is, and changed by its owner.

That of a group is changed by each member.
"""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from cattube.channels.channels import channel_of
from cattube.channels.group_accounts import acts_for
from cattube.channels.models import Channel
from cattube.errors import NotAllowed, NotFound
from cattube.videos.access import Viewer, can_edit, is_public_and_ready, listed, listed_for
from cattube.videos.models import Video


def can_edit_channel(channel: Channel, viewer: Viewer) -> bool:
    return acts_for(viewer, channel.owner)


def channel_to_see(name: str, viewer: Viewer) -> Channel:
    """The channel, if it is the viewer's or has a video that they find in lists. Raises NotFound."""
    channel = (
        Channel.objects.select_related("owner__group_account").filter(name=name.replace("\x00", "")).first()
    )
    if channel is None or not (can_edit_channel(channel, viewer) or shows_something(channel, viewer)):
        raise NotFound("There is no such channel, or nothing in it is shared with you.")
    return channel


def channel_to_edit(name: str, viewer: Viewer) -> Channel:
    """The channel, if it is the viewer's own. Raises NotFound, NotAllowed."""
    channel = channel_to_see(name, viewer)
    if not can_edit_channel(channel, viewer):
        raise NotAllowed("Only the owner of a channel can change it.")
    return channel


def channel_beside(video: Video, viewer: Viewer) -> Channel | None:
    """The channel of the video's owner, for whoever has the video; None where they might not see it.

    The link of an unlisted video leads to no channel: that may be hidden.
    """
    is_found = is_public_and_ready(video) or can_edit(video, viewer)
    return channel_of(video.owner) if is_found else None


def channels_seen(owner_ids: Collection[int], viewer: Viewer) -> dict[int, Channel]:
    """Channels of these accounts by account, those that the viewer may see."""
    if not owner_ids:
        return {}
    shown = Q(Exists(Video.objects.filter(listed(viewer), owner_id=OuterRef("owner_id"))))
    channels = Channel.objects.select_related("owner").filter(owner_id__in=owner_ids)
    return {channel.owner_id: channel for channel in channels.filter(shown | Q(owner_id=viewer.pk))}


def shows_something(channel: Channel, viewer: Viewer) -> bool:
    """True when the viewer finds a video in it."""
    return listed_for(viewer).filter(owner_id=channel.owner_id).exists()
