"""Rights of viewers about playlists.

| playlist | anyone with the link    | on the channel | change, delete |
|----------|-------------------------|----------------|----------------|
| public   | sees it                 | yes            | owner          |
| unlisted | sees it                 | no             | owner          |
| private  | 404; its owner sees it  | no             | owner          |

Whoever sees a playlist sees those of its videos that they find in lists, and learns of no others. Besides,
unlisted ones that the playlist's owner put into it: where they are that person's own, for everybody, else for
that person alone. One that they have moved into the channel of a group is the group's: for that person alone.
To know the link of somebody else's video is no right to publish it.
"""

from django.db.models import Count, F, Q, QuerySet

from cattube.errors import NotAllowed, NotFound
from cattube.playlists.models import Playlist, PlaylistEntry
from cattube.videos.access import Viewer, listed, may_watch
from cattube.videos.models import Visibility
from cattube.videos.states import Status

NOT_THERE = "There is no such playlist, or it is not shared with you."


def can_edit_playlist(playlist: Playlist, viewer: Viewer) -> bool:
    return viewer.is_authenticated and playlist.owner_id == viewer.pk


def can_see_playlist(playlist: Playlist, viewer: Viewer) -> bool:
    return playlist.visibility != Visibility.PRIVATE or can_edit_playlist(playlist, viewer)


def playlist_to_see(playlist_id: str, viewer: Viewer) -> Playlist:
    """The playlist, if the viewer may see it. Raises NotFound."""
    playlists = Playlist.objects.select_related("owner__channel").filter(pk=playlist_id.replace("\x00", ""))
    playlist = playlists.first()
    if playlist is None or not can_see_playlist(playlist, viewer):
        raise NotFound(NOT_THERE)
    return playlist


def playlist_to_edit(playlist_id: str, viewer: Viewer) -> Playlist:
    """The playlist, if it is the viewer's own. Raises NotFound, NotAllowed."""
    playlist = playlist_to_see(playlist_id, viewer)
    if not can_edit_playlist(playlist, viewer):
        raise NotAllowed("Only the owner of a playlist can change it.")
    return playlist


def entries_for(playlist: Playlist, viewer: Viewer) -> QuerySet[PlaylistEntry]:
    """Entries in their order, with those videos that the viewer is shown in it."""
    return (
        PlaylistEntry.objects.filter(_is_shown(viewer, "playlist__", "video__"), playlist=playlist)
        .select_related("video__owner__channel")
        .prefetch_related("video__assets", "video__tags")
        .order_by("position", "pk")
    )


def counted_for(playlists: QuerySet[Playlist], viewer: Viewer) -> QuerySet[Playlist]:
    """The playlists, each with `video_count`: of the videos that the viewer is shown."""
    seen = Q(entries__isnull=False) & _is_shown(viewer, "", "entries__video__")
    return playlists.annotate(video_count=Count("entries", filter=seen))


def shown_on_channel(owner_id: int, viewer: Viewer) -> QuerySet[Playlist]:
    """Playlists of a channel that stand on its page: public ones, and all of one's own."""
    playlists = Playlist.objects.filter(owner_id=owner_id, is_watch_later=False)
    if not (viewer.is_authenticated and viewer.pk == owner_id):
        playlists = playlists.filter(visibility=Visibility.PUBLIC)
    return counted_for(playlists, viewer).order_by("-created_at", "-pk")


def _is_shown(viewer: Viewer, playlist: str, video: str) -> Q:
    """Condition that a playlist shows a video of it to the viewer. playlist, video: prefixes of the ways."""
    by_its_owner = Q(
        **{
            f"{video}visibility": Visibility.UNLISTED,
            f"{video}status": Status.READY,
            f"{video}trashed_at": None,
            f"{video}owner_id": F(f"{playlist}owner_id"),
        }
    )
    shown = listed(viewer, video) | by_its_owner
    if viewer.is_authenticated:
        shown |= Q(**{f"{playlist}owner_id": viewer.pk}) & may_watch(viewer, video)
    return shown
