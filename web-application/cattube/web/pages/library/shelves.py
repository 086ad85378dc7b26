"""Shelves of the home page, above all videos: what a person may go on with, and what is new for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.urls import reverse

from cattube.videos.following import videos_followed
from cattube.videos.models import Video
from cattube.viewing.history import unfinished

# One row on a wide screen.
MOST_VIDEOS = 4


@dataclass(frozen=True)
class Shelf:
    """address: of the page with all of it."""

    title: str
    address: str
    videos: Sequence[Video]


def shelves_of(person: User) -> list[Shelf]:
    """Those that have something on them."""
    begun = [line.video for line in unfinished(person, at_most=MOST_VIDEOS)]
    new = list(videos_followed(person).order_by("-uploaded_at", "-id")[:MOST_VIDEOS])
    shelves = [
        Shelf("Continue watching", reverse("history"), begun),
        Shelf("From channels you follow", reverse("following"), new),
    ]
    return [shelf for shelf in shelves if shelf.videos]
