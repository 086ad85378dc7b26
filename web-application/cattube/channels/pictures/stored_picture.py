"""The picture of a channel, as it is kept: in the database, for it is small, and a backup has it."""

from django.db import transaction

from cattube.channels.models import Channel, ChannelPicture
from cattube.channels.pictures.picture import Picture


def set_picture(channel: Channel, picture: Picture | None) -> None:
    """Give the channel this picture, or take its picture away."""
    channel.picture_version = picture.version if picture else ""
    with transaction.atomic():
        channel.save(update_fields=["picture_version"])
        if picture is None:
            ChannelPicture.objects.filter(channel=channel).delete()
        else:
            values = {"content": picture.content, "content_type": picture.content_type}
            ChannelPicture.objects.update_or_create(channel=channel, defaults=values)


def picture_of(channel: Channel) -> Picture | None:
    row = ChannelPicture.objects.filter(channel=channel).first()
    return Picture(bytes(row.content), row.content_type) if row else None
