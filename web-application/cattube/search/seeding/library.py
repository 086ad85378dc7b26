"""A library of made-up videos, written in bulk, to measure with."""

# ruff: noqa: S311 chance that has to be the same each time
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import TypeVar

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from cattube.search.indexing import indexed_lines
from cattube.search.models import Entry, IndexedText, Transcript
from cattube.search.seeding import phrases
from cattube.search.vocabulary import learn
from cattube.search.words import indexed
from cattube.videos.models import Tag, Video
from cattube.videos.text import comparable

Row = TypeVar("Row")
AT_ONCE = 2_000
TAGS = 500
TAGS_OF_A_VIDEO = 3
SECONDS_PER_CUE = 4
# Of a hundred videos: most are public and ready, as on a site that has been there for years.
_KINDS = [("public", "ready")] * 92 + [("unlisted", "ready")] * 3 + [("private", "ready")] * 4
_KINDS += [("private", "failed")]


@dataclass(frozen=True)
class Sizes:
    videos: int
    people: int
    cues: int


@dataclass(frozen=True)
class Library:
    """What was added. people: also those of an earlier time."""

    people: Sequence[User]
    videos: Sequence[Video]


def seed(sizes: Sizes) -> Library:
    """Add people, videos with tags, and what is spoken in them. Afterwards, `analyze`."""
    chance = random.Random(1)
    vocabulary = phrases.words()
    sentences = [
        phrases.text(chance, vocabulary, length=chance.randint(5, 11)) for _ in range(phrases.SENTENCES)
    ]
    with transaction.atomic():
        owners = _people(sizes.people)
        tags = _tags(vocabulary)
        videos = _videos(sizes.videos, owners, vocabulary, sentences)
        tags_of = _tag(videos, tags)
        spoken = _speech(videos, sizes.cues, sentences)
        _index(videos, tags_of, spoken)
        learn(vocabulary)
    return Library(people=owners, videos=videos)


def analyze() -> None:
    """Have PostgreSQL look at its tables, as its autovacuum would in a minute.

    Without statistics it plans as if they were empty, and new words wait outside their index.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE")


def _people(number: int) -> list[User]:
    have_none = make_password(None)
    names = [f"person{place:05}" for place in range(number)]
    people = [User(username=name, password=have_none) for name in names]
    # They may be there of an earlier time.
    User.objects.bulk_create(people, AT_ONCE, ignore_conflicts=True)
    return list(User.objects.filter(username__startswith="person", username__lte=names[-1]).order_by("pk"))


def _tags(vocabulary: Sequence[str]) -> list[Tag]:
    names = sorted({f"{word}s" for word in islice(vocabulary, TAGS)})
    there = Tag.objects.filter(name__in=names).values_list("name", flat=True)
    new = sorted(set(names) - set(there))
    Tag.objects.bulk_create([Tag(name=name, key=comparable(name)) for name in new])
    return list(Tag.objects.filter(name__in=names).order_by("name"))


def _videos(
    number: int, owners: Sequence[User], vocabulary: Sequence[str], sentences: Sequence[str]
) -> list[Video]:
    """Videos of the last years, the oldest first, as they would have come."""
    chance, now = random.Random(3), timezone.now()
    videos = []
    for place in range(number):
        visibility, status = _KINDS[chance.randrange(len(_KINDS))]
        title = phrases.text(chance, vocabulary, length=chance.randint(2, 7))
        videos.append(
            Video(
                owner=owners[chance.randrange(len(owners))],
                title=title,
                title_key=comparable(title),
                description=". ".join(chance.choices(sentences, k=chance.randint(0, 4))),
                visibility=visibility,
                status=status,
                uploaded_at=now - timedelta(minutes=20 * (number - place)),
                duration_seconds=chance.randint(5, 5400),
                width=1920,
                height=1080,
                progress=100,
            )
        )
    return Video.objects.bulk_create(videos, AT_ONCE)


def _tag(videos: Sequence[Video], tags: Sequence[Tag]) -> dict[str, str]:
    """Words of the tags of each video, by its id."""
    chance, through = random.Random(4), Video.tags.through
    words, rows = {}, []
    for video in videos:
        chosen = chance.sample(tags, TAGS_OF_A_VIDEO)
        words[video.pk] = " ".join(sorted(tag.name for tag in chosen))
        rows += [through(video_id=video.pk, tag_id=tag.pk) for tag in chosen]
    through.objects.bulk_create(rows, AT_ONCE)
    return words


def _speech(videos: Sequence[Video], cues: int, sentences: Sequence[str]) -> dict[str, list[str]]:
    """Lines that are spoken in each video, by its id."""
    chance = random.Random(5)
    share, rest = divmod(cues, max(1, len(videos)))
    return {
        video.pk: chance.choices(sentences, k=share + (place < rest)) for place, video in enumerate(videos)
    }


def _index(videos: Sequence[Video], tags: dict[str, str], spoken: dict[str, list[str]]) -> None:
    entry_ids = dict(Entry.objects.values_list("video_id", "pk"))
    for batch in _batches(videos):
        Transcript.objects.bulk_create(
            Transcript(
                entry_id=entry_ids[video.pk],
                language="en",
                starts=[place * SECONDS_PER_CUE for place in range(len(spoken[video.pk]))],
                lines="\n".join(spoken[video.pk]),
            )
            for video in batch
            if spoken[video.pk]
        )
        IndexedText.objects.bulk_create(
            IndexedText(
                entry_id=entry_ids[video.pk],
                title=indexed(video.title),
                tags=tags[video.pk],
                channel=video.owner.username,
                description=indexed(video.description),
                transcript=indexed_lines("\n".join(spoken[video.pk])),
            )
            for video in batch
        )


def _batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]
