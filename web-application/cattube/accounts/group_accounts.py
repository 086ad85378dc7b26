"""Making the account of a group, and moving videos from one channel of a person to another."""

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import Sum

from cattube.accounts.quota.quota import require_room
from cattube.accounts.usernames import complaint
from cattube.channels.group_accounts import channels_of
from cattube.channels.models import GroupAccount
from cattube.errors import InvalidFields
from cattube.videos.models import Video


def name_complaint(group: Group) -> str:
    """Reason why the group can have no account, for people; "" when it can."""
    return complaint(group.name, User.objects.values_list("username", flat=True))


def make_group_account(group: Group) -> GroupAccount:
    """The group's account, by whose name the channel is called. Nobody can log in to it.

    Raises InvalidFields when a person has such a name.
    """
    if words := name_complaint(group):
        raise InvalidFields(words)
    with transaction.atomic():
        account = User(username=group.name, is_active=False)
        account.set_unusable_password()
        account.save()
        return GroupAccount.objects.create(account=account, group=group)


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
