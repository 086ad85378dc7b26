"""Template tag that says how much of a video its viewer has watched."""

from collections.abc import Mapping

from django import template
from django.template.context import Context

from cattube.videos.models import Video

register = template.Library()


@register.simple_tag(takes_context=True)
def watched_percent(context: Context, video: Video) -> int | None:
    """Percent up to where the viewer stopped, 100 after the end; None for a video they have not watched.

    The page's variable `watched` has positions as `history.seconds_watched` gives them, where it has any.
    """
    positions: Mapping[str, int] = context.get("watched") or {}
    position = positions.get(video.pk)
    if position is None or not video.duration_seconds:
        return None
    return min(100, round(100 * position / video.duration_seconds)) if position else 100
