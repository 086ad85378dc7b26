"""Chapters of a video: those that its owner has set, else those in its description."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db import transaction

from cattube.captions.formats.times import MAX_SECONDS, read_time, written_time
from cattube.captions.models import MAX_CHAPTER_CHARACTERS, Chapter
from cattube.errors import InvalidFields, NotFound
from cattube.videos.models import Video
from cattube.videos.text import is_blank, stored

MOST_CHAPTERS = 500
# The rules of YouTube for time stamps in a description.
LEAST_CHAPTERS = 3
LEAST_SECONDS = 10
# A line may hold several: "0:00 The loft · 2:37 Cloth".
_PLACES = re.compile(r"\n|\s[·•|]\s(?=[0-9]{1,3}:[0-9])")
_PLACE = re.compile(
    r"\W{0,8}(?:([0-9]{1,3}):)?([0-9]{1,3}):([0-5][0-9])(?![0-9]|[:.,][0-9])"
    r"[\s\])}\-\u2013\u2014:.|]*(.*)"
)


@dataclass(frozen=True)
class ChapterMark:
    """Where a chapter begins. It ends where the next one does."""

    start_seconds: float
    title: str


def chapters_in(description: str, *, duration_seconds: float | None = None) -> list[ChapterMark]:
    """Chapters that the time stamps of a description make; none unless all of them follow the rules. Pure.

    The first is at 0:00, there are at least three, in order, and each lasts at least ten seconds.
    """
    marks = [mark for place in _PLACES.split(description) if (mark := _mark(place))]
    starts = [mark.start_seconds for mark in marks]
    if duration_seconds is not None:
        starts.append(duration_seconds)
    is_whole = LEAST_CHAPTERS <= len(marks) <= MOST_CHAPTERS and starts[0] == 0
    return marks if is_whole and all(end - start >= LEAST_SECONDS for start, end in pairwise(starts)) else []


def read_chapters(text: str) -> list[ChapterMark]:
    """Chapters of a text with one in each line: `0:00 The loft`. Raises InvalidFields with the line. Pure."""
    marks = []
    for number, line in enumerate(text.splitlines(), 1):
        time, _, title = line.strip().partition(" ")
        seconds = read_time(time)
        if seconds is None and time:
            raise InvalidFields(f"Line {number}: begin with a time, as in 2:37 The loft.")
        if seconds is not None:
            marks.append(ChapterMark(seconds, title))
    return marks


def written_chapters(marks: Sequence[ChapterMark]) -> str:
    """Text with one chapter in each line, which `read_chapters` reads. Pure."""
    return "".join(
        f"{written_time(mark.start_seconds).removesuffix('.000')} {mark.title}\n" for mark in marks
    )


def checked_chapters(marks: Sequence[ChapterMark]) -> list[ChapterMark]:
    """The same, fit to be stored. Raises InvalidFields. Pure."""
    if len(marks) > MOST_CHAPTERS:
        raise InvalidFields(f"A video has {MOST_CHAPTERS} chapters at most.")
    checked = [ChapterMark(round(mark.start_seconds, 3), stored(mark.title.strip())) for mark in marks]
    for number, mark in enumerate(checked, 1):
        if is_blank(mark.title) or "\0" in mark.title or len(mark.title) > MAX_CHAPTER_CHARACTERS:
            raise InvalidFields(
                f"Chapter {number}: give it a title of at most {MAX_CHAPTER_CHARACTERS} characters."
            )
        # NaN is not between them either.
        if not 0 <= mark.start_seconds <= MAX_SECONDS:
            raise InvalidFields(f"Chapter {number}: this is no time in a video.")
        if number > 1 and mark.start_seconds <= checked[number - 2].start_seconds:
            raise InvalidFields(f"Chapter {number}: it begins before the one above it, or with it.")
    return checked


def set_chapters(video: Video, marks: Sequence[ChapterMark]) -> None:
    """Have these chapters; with none, those in the description count again.

    Raises InvalidFields, and NotFound when the video was deleted meanwhile.
    """
    checked = checked_chapters(marks)
    with transaction.atomic():
        # Locked: two who save at once do not mix.
        if not list(Video.objects.select_for_update().filter(pk=video.pk).values_list("pk")):
            raise NotFound
        Chapter.objects.filter(video=video).delete()
        Chapter.objects.bulk_create(
            Chapter(video=video, start_seconds=mark.start_seconds, title=mark.title) for mark in checked
        )


def _mark(text: str) -> ChapterMark | None:
    match = _PLACE.match(text)
    title = match[4].strip() if match else ""
    if match is None or is_blank(title):
        return None
    seconds = int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])
    return ChapterMark(seconds, title[:MAX_CHAPTER_CHARACTERS])
