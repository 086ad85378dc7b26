"""Moving videos from one channel of a person to another."""

from django.contrib.auth.models import User
from django.db import transaction

from cattube.accounts.quota.quota import require_room
from cattube.accounts.quota.usage import stored_bytes
from cattube.channels.group_accounts import channels_of
from cattube.errors import InvalidFields, NotFound, SiteError
from cattube.videos.models import Video


class NotFinished(SiteError):
    code, status = "NOT_FINISHED", 409

    def __init__(self) -> None:
        super().__init__("This video is still processed. Move it to another channel when that has ended.")


def publish_in(video: Video, channel_name: str, person: User) -> Video:
    """Have the video in another channel of the person's; it takes up that one's room. The row as it is then.

    Raises InvalidFields for a channel that is not theirs, NotFinished, QuotaExceeded, NotFound.
    """
    channels = {channel.name: channel for channel in channels_of(person)}
    if channel_name not in channels:
        raise InvalidFields(f"channel: you have no channel {channel_name}.")
    owner = channels[channel_name].owner
    if owner.pk == video.owner_id:
        return video
    with transaction.atomic():
        # With the owner its words are saved, too: they must not be older than those of another edit.
        rows = Video.objects.select_for_update().filter(pk=video.pk, owner=video.owner_id)
        locked = rows.order_by().first()
        if locked is None:  # deleted, or moved by somebody else whose it may be alone now
            raise NotFound
        # What is on its way counts for whom it was begun by: their uploads, and their room.
        if not locked.is_finished:
            raise NotFinished
        require_room(owner, stored_bytes(locked.assets.all()))
        locked.owner = video.owner = owner
        locked.save(update_fields=["owner"])
    return locked
