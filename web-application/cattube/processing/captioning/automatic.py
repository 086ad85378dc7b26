"""Videos that get captions without anybody's asking, with CAPTIONS=auto."""

from datetime import timedelta

from django.core.cache import cache
from django.db.models import Exists, OuterRef
from django.utils import timezone

from cattube.captions.models import Captioning, CaptionTrack
from cattube.videos.models import Video
from cattube.videos.states import Status

# Those that the engine does not take, and then wait, must not become all videos there are.
MOST_WAITING = 10
# To find out that all videos have captions, all have to be looked at.
_ALL_HAVE_SOME, _LOOK_AGAIN_SECONDS = "captions-all-have-some", 600
_NEW = timedelta(hours=1)


def next_videos(at_most: int) -> list[Video]:
    """The newest videos that have no captions, and of which nobody has asked for any."""
    waiting = Captioning.objects.filter(state=Captioning.State.WAITING, video__trashed_at=None)
    if at_most <= 0 or waiting.count() >= MOST_WAITING:
        return []
    mine = {"video": OuterRef("pk")}
    videos = Video.objects.filter(
        ~Exists(CaptionTrack.objects.filter(**mine)),
        ~Exists(Captioning.objects.filter(**mine)),
        status=Status.READY,
        trashed_at=None,
    )
    if cache.get(_ALL_HAVE_SOME):
        videos = videos.filter(uploaded_at__gte=timezone.now() - _NEW)
    found = list(videos.order_by("-uploaded_at", "-id")[:at_most])
    if not found:
        cache.add(_ALL_HAVE_SOME, value=True, timeout=_LOOK_AGAIN_SECONDS)
    return found
