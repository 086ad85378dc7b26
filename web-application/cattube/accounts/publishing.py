"""Moving videos from one channel of a person to another."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Sum

from cattube.accounts.quota.quota import require_room
from cattube.channels.group_accounts import channels_of
from cattube.errors import InvalidFields
from cattube.videos.models import Video


def publish_in(video: Video, channel_name: str, person: User) -> None:
    """Have the video in another channel of the person's; it takes up that one's room.

    Raises InvalidFields for a channel that is not theirs, QuotaExceeded.
    """
    channels = {channel.name: channel for channel in channels_of(person)}
    if channel_name not in channels:
        raise InvalidFields(f"channel: you have no channel {channel_name}.")
    owner = channels[channel_name].owner
    if owner.pk == video.owner_id:
        return
    with transaction.atomic():
        require_room(owner, _size_bytes(video))
        video.owner = owner
        # Only this: a report about processing may arrive at the same time.
        video.save(update_fields=["owner"])


def _size_bytes(video: Video) -> int | None:
    stored: int | None = video.assets.aggregate(total=Sum("size_bytes"))["total"]
    return stored or (video.size_bytes if not video.is_finished else 0)
