"""Template filter: the channel of a video."""

from django import template

from cattube.videos.channel_access import channel_beside

register = template.Library()
register.filter("channel_beside", channel_beside)
