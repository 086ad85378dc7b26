"""Template filter: if a viewer may change a video."""

from django import template

from cattube.videos.access import can_edit

register = template.Library()
register.filter("editable_by", can_edit)
