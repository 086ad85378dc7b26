"""Changes of playlists: making them, and putting videos in, out and in another order."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from cattube.errors import InvalidFields, NotFound, SiteError
from cattube.playlists.access import NOT_THERE
from cattube.playlists.models import WATCH_LATER, Playlist, PlaylistEntry
from cattube.videos.ids import is_video_id
from cattube.videos.models import Video, Visibility

MAX_PLAYLISTS = 200
MAX_VIDEOS = 1000


class PlaylistFull(SiteError):
    code, status = "PLAYLIST_FULL", 409


def make_playlist(owner: User, title: str, visibility: str = Visibility.PRIVATE) -> Playlist:
    """New, empty playlist. Raises PlaylistFull for a person who has MAX_PLAYLISTS."""
    if Playlist.objects.filter(owner=owner).count() >= MAX_PLAYLISTS:
        raise PlaylistFull(f"You have {MAX_PLAYLISTS} playlists. Delete one that you do not need.")
    return Playlist.objects.create(owner=owner, title=title, visibility=visibility)


def watch_later_of(owner: User) -> Playlist:
    """The person's list of what to watch later, made when it is first asked for."""
    title = {"title": WATCH_LATER, "visibility": Visibility.PRIVATE}
    return Playlist.objects.get_or_create(owner=owner, is_watch_later=True, defaults=title)[0]


def add_video(playlist: Playlist, video: Video) -> None:
    """Put the video at the end, unless it is in the playlist. Raises PlaylistFull, NotFound."""
    try:
        with transaction.atomic():
            entries = _locked_entries(playlist)
            if entries.filter(video=video).exists():
                return
            if entries.count() >= MAX_VIDEOS:
                raise PlaylistFull(f"A playlist has room for {MAX_VIDEOS} videos.")
            last = entries.aggregate(last=Max("position"))["last"] or 0
            PlaylistEntry.objects.create(playlist=playlist, video=video, position=last + 1)
    except IntegrityError as error:  # the video is deleted at the same moment
        raise NotFound from error


def remove_video(playlist: Playlist, video_id: str) -> None:
    """Take the video out, whether it is in the playlist or not."""
    if is_video_id(video_id):
        PlaylistEntry.objects.filter(playlist=playlist, video_id=video_id).delete()


def move_video(playlist: Playlist, video_id: str, *, by: int) -> None:
    """Move the video by so many places, down if `by` is positive; at most to an end."""
    with transaction.atomic():
        order = list(_locked_entries(playlist).values_list("video_id", flat=True))
        if video_id not in order:
            return
        place = order.index(video_id)
        order.insert(max(0, min(len(order) - 1, place + by)), order.pop(place))
        _store_order(playlist, order)


def reorder(playlist: Playlist, video_ids: Sequence[str]) -> None:
    """Put these videos first, in this order; others follow as they were. Raises InvalidFields."""
    with transaction.atomic():
        order = list(_locked_entries(playlist).values_list("video_id", flat=True))
        if len(set(video_ids)) < len(video_ids) or not set(video_ids) <= set(order):
            raise InvalidFields("videos: name videos of this playlist, each once.")
        _store_order(playlist, [*video_ids, *(one for one in order if one not in set(video_ids))])


def _locked_entries(playlist: Playlist) -> QuerySet[PlaylistEntry]:
    """Entries in their order, which nobody else changes until the transaction ends. Raises NotFound."""
    if not list(Playlist.objects.select_for_update(no_key=True).filter(pk=playlist.pk).values_list("pk")):
        raise NotFound(NOT_THERE)
    return PlaylistEntry.objects.filter(playlist=playlist).order_by("position", "pk")


def _store_order(playlist: Playlist, order: Sequence[str]) -> None:
    entries = list(PlaylistEntry.objects.filter(playlist=playlist))
    places = {video_id: place for place, video_id in enumerate(order, 1)}
    for entry in entries:
        entry.position = places[entry.video_id]
    PlaylistEntry.objects.bulk_update(entries, ["position"], batch_size=200)
