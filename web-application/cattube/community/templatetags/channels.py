"""Template filters: the channel of a video, and if a viewer may change the video."""

from django import template

from cattube.videos.access import can_edit
from cattube.videos.channel_access import channel_beside

register = template.Library()
register.filter("channel_beside", channel_beside)
register.filter("editable_by", can_edit)
