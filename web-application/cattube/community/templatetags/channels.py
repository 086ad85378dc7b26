"""Template filters: the channel of a video, and of an account."""

from collections.abc import Mapping

from django import template

from cattube.channels.models import Channel
from cattube.videos.channel_access import channel_beside

register = template.Library()
register.filter("channel_beside", channel_beside)


@register.filter
def channel_of(channels: Mapping[int, Channel], account_id: int) -> Channel | None:
    """The account's channel, if it is among `channels`."""
    return channels.get(account_id)
