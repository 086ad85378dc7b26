"""Shelves of the home page, above all videos: what a person may go on with, and what is new for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User

from cattube.videos import access
from cattube.videos.models import Video
from cattube.viewing.history import unfinished

# One row on a wide screen.
MOST_VIDEOS = 4


@dataclass(frozen=True)
class Shelf:
    title: str
    videos: Sequence[Video]


def shelves_of(person: User) -> list[Shelf]:
    """Those that have something on them."""
    begun = [line.video for line in unfinished(person, at_most=MOST_VIDEOS)]
    shelves = [Shelf("Continue watching", begun), Shelf("From channels you follow", _followed(person))]
    return [shelf for shelf in shelves if shelf.videos]


def _followed(person: User) -> list[Video]:
    listed = access.with_related().filter(access.public_and_ready(), trashed_at=None)
    newest = listed.filter(owner__channel__follows__user=person).order_by("-uploaded_at", "-id")
    return list(newest[:MOST_VIDEOS])
