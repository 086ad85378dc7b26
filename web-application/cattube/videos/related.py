"""Videos that somebody may want to watch after this one: alike in tags, owner and title, else the newest."""

from cattube.videos.access import Viewer, listed_for
from cattube.videos.models import Video, Visibility
from cattube.videos.states import Status
from cattube.videos.text import comparable

MAX_RELATED = 12
# Of each kind so many are looked at, however large the library is.
_CANDIDATES = 30
_TAGS = 3
_SAME_TAG, _SAME_OWNER, _SAME_WORD = 3, 2, 1
_MIN_WORD_CHARACTERS = 4


def related_to(video: Video, viewer: Viewer, *, at_most: int = MAX_RELATED) -> list[Video]:
    """Ready videos from the viewer's library, the most alike first. As many queries for any library."""
    found = listed_for(viewer).filter(pk__in=_candidates(video), status=Status.READY).exclude(pk=video.pk)
    # Sorting keeps the order of what is equally alike: the newest first.
    by_age = sorted(found, key=lambda other: other.uploaded_at, reverse=True)
    return sorted(by_age, key=lambda other: likeness(video, other), reverse=True)[:at_most]


def likeness(video: Video, other: Video) -> int:
    """Points for what two videos share."""
    tags = len(set(video.tag_list) & set(other.tag_list))
    words = len(_words(video) & _words(other))
    return _SAME_TAG * tags + _SAME_OWNER * (video.owner_id == other.owner_id) + _SAME_WORD * words


def _words(video: Video) -> set[str]:
    return {word for word in comparable(video.title).split() if len(word) >= _MIN_WORD_CHARACTERS}


def _candidates(video: Video) -> set[str]:
    """Ids of the latest videos with a tag of this one, of its owner, and of all that everybody sees."""
    listed = Video.objects.filter(
        visibility=Visibility.PUBLIC, status=Status.READY, trashed_at=None
    ).order_by("-uploaded_at", "-id")
    candidates = {*listed.filter(owner_id=video.owner_id).values_list("pk", flat=True)[:_CANDIDATES]}
    candidates |= {*listed.values_list("pk", flat=True)[:_CANDIDATES]}
    with_tag = Video.tags.through.objects.order_by("-pk")
    for tag in list(video.tags.all())[:_TAGS]:
        candidates |= {*with_tag.filter(tag=tag).values_list("video_id", flat=True)[:_CANDIDATES]}
    return candidates
