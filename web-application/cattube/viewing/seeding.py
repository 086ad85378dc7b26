"""Views of a made-up library, written in bulk, to measure with."""

# ruff: noqa: S311 chance that has to be the same each time
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from django.contrib.auth.models import User
from django.utils import timezone

from cattube.videos.models import Video
from cattube.viewing.models import WatchedVideo

AT_ONCE = 5_000
# Of a hundred views this many stop before the end.
STOPPED_OF_100 = 30


def seed_views(videos: Sequence[Video], people: Sequence[User], views: int) -> int:
    """Add a line of history for each view, and count it in its video. Returns how many there are.

    A person sees a video once, so there are no more than people times videos that all may see. Some videos
    are seen often and most are not. Rows of `CountedView` are those of the last minutes alone: none.
    """
    chance = random.Random(6)
    shown = [video for video in videos if video.visibility == "public" and video.status == "ready"]
    share, rest = divmod(views, max(1, len(people)))
    counts: Counter[str] = Counter()
    rows = (
        line
        for place, person in enumerate(people)
        for line in _history(chance, person, shown, share + (place < rest))
    )
    while batch := list(islice(rows, AT_ONCE)):
        WatchedVideo.objects.bulk_create(batch)
        counts.update(line.video_id for line in batch)
    _count(counts)
    return counts.total()


def _history(
    chance: random.Random, person: User, shown: Sequence[Video], length: int
) -> Iterator[WatchedVideo]:
    now = timezone.now()
    for place in _places(chance, len(shown), length):
        video = shown[place]
        stops = chance.randrange(100) < STOPPED_OF_100
        seconds = chance.randint(1, max(1, int(video.duration_seconds or 0) - 1)) if stops else 0
        watched_at = _moment(chance, video.uploaded_at, now)
        yield WatchedVideo(user=person, video=video, seconds=seconds, watched_at=watched_at)


def _places(chance: random.Random, count: int, length: int) -> list[int]:
    """Different places in a list of `count`, in some order: the first are taken more often."""
    if 2 * length >= count:
        return chance.sample(range(count), min(length, count))
    places: dict[int, None] = {}
    while len(places) < length:
        places[int(count * chance.random() ** 2)] = None
    return list(places)


def _moment(chance: random.Random, since: datetime, until: datetime) -> datetime:
    return since + (until - since) * chance.random()


def _count(counts: Counter[str]) -> None:
    """Write the counts into the videos: one statement for many that were seen equally often."""
    seen: dict[int, list[str]] = defaultdict(list)
    for video_id, views in counts.items():
        seen[views].append(video_id)
    for views, ids in seen.items():
        for start in range(0, len(ids), AT_ONCE):
            Video.objects.filter(pk__in=ids[start : start + AT_ONCE]).update(views=views)
