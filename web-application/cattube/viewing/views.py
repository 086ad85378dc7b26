"""Views of videos, counted: a viewer once in half an hour, no programs, not the owner."""

import re
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cattube.videos.models import Video
from cattube.viewing.models import CountedView

# Whoever watches on, or comes back, within this time is the same view.
COUNTS_AGAIN_AFTER = timedelta(minutes=30)
# Words by which programs name themselves; a browser always says something.
_PROGRAM = re.compile(
    r"(?<!cu)bot\b|(?<!cu)bot[/_-]|crawl|spider|slurp|preview|headless|scrap|monitor|facebookexternalhit|embedly"
    r"|^(curl|wget|python|go-http|java|okhttp|axios|node|ruby|perl|php|libwww|httpie)\b",
    re.IGNORECASE,
)


def is_program(user_agent: str) -> bool:
    """True when a User-Agent is that of a crawler, a script or a preview, or missing."""
    return not user_agent.strip() or _PROGRAM.search(user_agent) is not None


def count_view(video_id: str, viewer: str) -> bool:
    """Count a view unless this viewer was counted a moment ago; True when it counts.

    viewer: as CountedView has it. A video that is deleted meanwhile counts nothing.
    """
    now = timezone.now()
    recent = CountedView.objects.filter(viewer=viewer, counted_at__gt=now - COUNTS_AGAIN_AFTER)
    if recent.filter(video_id=video_id).exists():  # without a lock: most reports end here
        return False
    with transaction.atomic():
        # Of many reports at one moment one is first, and the others find what it wrote.
        videos = Video.objects.select_for_update(no_key=True).filter(pk=video_id)
        if not list(videos.values_list("pk", flat=True)) or recent.filter(video_id=video_id).exists():
            return False
        CountedView.objects.update_or_create(video_id=video_id, viewer=viewer, defaults={"counted_at": now})
        Video.objects.filter(pk=video_id).update(views=F("views") + 1)
    return True


def forget_old_views(**_: Any) -> None:
    """Delete who watched what, as soon as it decides nothing any more."""
    CountedView.objects.filter(counted_at__lte=timezone.now() - COUNTS_AGAIN_AFTER).delete()
