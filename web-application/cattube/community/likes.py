"""Likes of videos. Their number stands in the video."""

from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User

from cattube.community.flood import refuse_flood
from cattube.community.models import Like
from cattube.errors import NotFound
from cattube.stored_count import StoredCount
from cattube.videos.models import Video

LIKES = StoredCount(Video, "likes", rows=Like, key="video")


def set_like(video: Video, user: User, *, liked: bool) -> int:
    """Like the video or take the like back; the number of likes then. A second time changes nothing.

    Raises NotFound when the video is deleted at the same moment, or the account; TooFast.
    """
    refuse_flood(user, "like")
    likes = LIKES.set(video, user, counts=liked)
    if likes is None:
        raise NotFound
    return likes


def liked_ids(viewer: AbstractBaseUser | AnonymousUser, videos: Iterable[Video]) -> set[str]:
    """Ids of those of the videos that the viewer likes. No query where nobody can have liked anything."""
    liked = [video.pk for video in videos if video.likes]
    if not liked or not viewer.is_authenticated:
        return set()
    return set(Like.objects.filter(user_id=viewer.pk, video__in=liked).values_list("video_id", flat=True))
