"""Videos that somebody may want to watch after this one: alike in tags, owner and title, else the newest."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from cattube.videos.access import Viewer, is_listed, with_related
from cattube.videos.models import Video
from cattube.videos.states import Status
from cattube.videos.text import comparable

MAX_RELATED = 12
# Of each kind so many are looked at, however large the library is. Most libraries show most of theirs.
_CANDIDATES = 30
_TAGS = 3
_SAME_TAG, _SAME_OWNER, _SAME_WORD = 3, 2, 1
_MIN_WORD_CHARACTERS = 4


@dataclass(frozen=True)
class Traits:
    """What makes two videos alike. tags: their ids. words: of the title."""

    owner_id: int
    tags: frozenset[int]
    words: frozenset[str]


@dataclass(frozen=True)
class _Candidate:
    id: str
    uploaded_at: datetime
    traits: Traits


def related_to(video: Video, viewer: Viewer, *, at_most: int = MAX_RELATED) -> list[Video]:
    """Ready videos from the viewer's library, the most alike first. As many queries for any library."""
    traits = _traits(video.owner_id, video.title, [tag.pk for tag in video.tags.all()])
    found = _read(_candidates(video) - {video.pk}, viewer)
    # Sorting keeps the order of what is equally alike: the newest first.
    found.sort(key=lambda other: other.uploaded_at, reverse=True)
    found.sort(key=lambda other: likeness(traits, other.traits), reverse=True)
    return _videos([other.id for other in found[:at_most]])


def likeness(one: Traits, other: Traits) -> int:
    """Points for what two videos share."""
    tags, words = len(one.tags & other.tags), len(one.words & other.words)
    return _SAME_TAG * tags + _SAME_OWNER * (one.owner_id == other.owner_id) + _SAME_WORD * words


def _traits(owner_id: int, title: str, tags: Collection[int]) -> Traits:
    words = (word for word in comparable(title).split() if len(word) >= _MIN_WORD_CHARACTERS)
    return Traits(owner_id, frozenset(tags), frozenset(words))


def _read(ids: Collection[str], viewer: Viewer) -> list[_Candidate]:
    """Those of the videos that are ready and in the viewer's library, with no more than makes them alike."""
    tags = defaultdict(list)
    tagged = Video.tags.through.objects.filter(video__in=ids)
    for video_id, tag_id in tagged.values_list("video_id", "tag_id"):
        tags[video_id].append(tag_id)
    # By their keys alone: with more conditions a database looks through all videos that fulfil these.
    rows = Video.objects.filter(is_listed(viewer), pk__in=ids).order_by()
    return [
        _Candidate(video_id, uploaded_at, _traits(owner_id, title, tags[video_id]))
        for video_id, uploaded_at, owner_id, title, status in rows.values_list(
            "pk", "uploaded_at", "owner_id", "title", "status"
        )
        if status == Status.READY
    ]


def _videos(ids: Collection[str]) -> list[Video]:
    """These videos, in this order."""
    videos = {video.pk: video for video in with_related().filter(pk__in=ids).order_by()}
    return [videos[video_id] for video_id in ids if video_id in videos]


def _candidates(video: Video) -> set[str]:
    """Ids of the latest videos of all, of this one's owner, and with each of some tags of it."""
    candidates = _latest(Video.objects.all()) | _latest(Video.objects.filter(owner_id=video.owner_id))
    with_tag = Video.tags.through.objects.order_by("-pk")
    for tag in list(video.tags.all())[:_TAGS]:
        candidates |= {*with_tag.filter(tag=tag).values_list("video_id", flat=True)[:_CANDIDATES]}
    return candidates


def _latest(videos: QuerySet[Video]) -> set[str]:
    return {*videos.order_by("-uploaded_at", "-id").values_list("pk", flat=True)[:_CANDIDATES]}
