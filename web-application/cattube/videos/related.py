"""Videos that somebody may want to watch after this one: alike in tags, owner and title, else the newest."""

from django.db.models import QuerySet

from cattube.videos.access import Viewer, can_edit, is_public_and_ready, with_related
from cattube.videos.models import Video
from cattube.videos.text import comparable

MAX_RELATED = 12
# Of each kind so many are looked at, however large the library is. Most libraries show most of theirs.
_CANDIDATES = 30
_TAGS = 3
_SAME_TAG, _SAME_OWNER, _SAME_WORD = 3, 2, 1
_MIN_WORD_CHARACTERS = 4


def related_to(video: Video, viewer: Viewer, *, at_most: int = MAX_RELATED) -> list[Video]:
    """Ready videos from the viewer's library, the most alike first. As many queries for any library."""
    # By their keys alone: with more conditions a database looks through all videos that fulfil these.
    candidates = with_related().filter(pk__in=_candidates(video)).order_by()
    found = [other for other in candidates if _is_listed(other, viewer) and other.pk != video.pk]
    # Sorting keeps the order of what is equally alike: the newest first.
    found.sort(key=lambda other: other.uploaded_at, reverse=True)
    found.sort(key=lambda other: likeness(video, other), reverse=True)
    return found[:at_most]


def likeness(video: Video, other: Video) -> int:
    """Points for what two videos share."""
    tags = len(set(video.tag_list) & set(other.tag_list))
    words = len(_words(video) & _words(other))
    return _SAME_TAG * tags + _SAME_OWNER * (video.owner_id == other.owner_id) + _SAME_WORD * words


def _words(video: Video) -> set[str]:
    return {word for word in comparable(video.title).split() if len(word) >= _MIN_WORD_CHARACTERS}


def _is_listed(video: Video, viewer: Viewer) -> bool:
    is_own_and_ready = video.is_ready and can_edit(video, viewer)
    return video.trashed_at is None and (is_public_and_ready(video) or is_own_and_ready)


def _candidates(video: Video) -> set[str]:
    """Ids of the latest videos of all, of this one's owner, and with each of some tags of it."""
    candidates = _latest(Video.objects.all()) | _latest(Video.objects.filter(owner_id=video.owner_id))
    with_tag = Video.tags.through.objects.order_by("-pk")
    for tag in list(video.tags.all())[:_TAGS]:
        candidates |= {*with_tag.filter(tag=tag).values_list("video_id", flat=True)[:_CANDIDATES]}
    return candidates


def _latest(videos: QuerySet[Video]) -> set[str]:
    return {*videos.order_by("-uploaded_at", "-id").values_list("pk", flat=True)[:_CANDIDATES]}
