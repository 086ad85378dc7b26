"""Rights of viewers: who may see and change which video, on pages, over the API and as files.

| video    | anyone with the link | in lists of others   | in playlists that others see     | change, delete |
|----------|----------------------|----------------------|----------------------------------|----------------|
| public   | sees it              | once it is ready     | once it is ready                 | owner          |
| unlisted | sees it              | never                | once it is ready, in its owner's | owner          |
| private  | 404; owner sees it   | never                | never                            | owner          |
| in trash | 404, owner too       | never                | never                            | owner restores |

What the account of a group owns is each member's, as if it were their own. Its owner is that account, though:
what a member has moved there, others no longer see unlisted in the member's playlists.
Staff have no more rights here than others. They use the admin.
"""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Case, Q, QuerySet, Value, When

from cattube.channels.group_accounts import acts_for, group_account_ids
from cattube.errors import NotAllowed, NotFound
from cattube.videos.models import Video, Visibility
from cattube.videos.states import Status
from cattube.videos.video_reader import read_video

Viewer = AbstractBaseUser | AnonymousUser


def can_edit(video: Video, viewer: Viewer) -> bool:
    # Of a guest nothing is asked: the owner may be one more row to read.
    return viewer.is_authenticated and acts_for(viewer, video.owner)


def own(viewer: Viewer, prefix: str = "") -> Q:
    """Condition that is `can_edit` for a query. prefix: of the way to the video, as `video__`."""
    groups = group_account_ids(viewer)
    if not groups:
        return Q(**{f"{prefix}owner_id": viewer.pk})
    return Q(**{f"{prefix}owner_id__in": [viewer.pk, *sorted(groups)]})


def can_watch(video: Video, viewer: Viewer) -> bool:
    if video.trashed_at is not None:
        return False
    return video.visibility != Visibility.PRIVATE or can_edit(video, viewer)


def may_watch(viewer: Viewer, prefix: str = "") -> Q:
    """Condition that is `can_watch` for a query. prefix: of the way to the video, as `video__`."""
    seen = Q(**{f"{prefix}visibility__in": (Visibility.PUBLIC, Visibility.UNLISTED)})
    if viewer.is_authenticated:
        seen |= own(viewer, prefix)
    return seen & Q(**{f"{prefix}trashed_at": None})


def public_and_ready(prefix: str = "") -> Q:
    """Condition of what everybody finds in lists, unless it is in the trash. prefix: as of `may_watch`."""
    return Q(**{f"{prefix}visibility": Visibility.PUBLIC, f"{prefix}status": Status.READY})


def is_public_and_ready(video: Video) -> bool:
    """The same, of a video that is read."""
    return video.visibility == Visibility.PUBLIC and video.is_ready


def listed(viewer: Viewer, prefix: str = "") -> Q:
    """Condition of what is in the viewer's library: own videos in any state, others' when public and ready.

    For videos, and for the entries of the search: they have the same columns. prefix: of the way to the
    video, as `video__`.
    """
    condition = public_and_ready(prefix)
    if viewer.is_authenticated:
        condition |= own(viewer, prefix)
    return condition & Q(**{f"{prefix}trashed_at": None})


def is_listed(viewer: Viewer) -> Case:
    """The same condition as one value, for queries in which something else leads to the rows.

    Else a database without statistics first gathers what the condition finds, which is most of the rows.
    """
    return Case(When(listed(viewer), then=Value(True)), default=Value(False))


def listed_for(viewer: Viewer) -> QuerySet[Video]:
    """Videos in the viewer's library."""
    return with_related().filter(listed(viewer))


def in_trash(viewer: Viewer) -> Q:
    """Condition of what is in the viewer's trash."""
    return own(viewer) & ~Q(trashed_at=None)


def trashed_by(viewer: Viewer) -> QuerySet[Video]:
    """Videos in the viewer's trash."""
    return with_related().filter(in_trash(viewer))


def with_related() -> QuerySet[Video]:
    """Videos with their owners, assets and tags, which pages and API show."""
    return Video.objects.select_related("owner__channel").prefetch_related("assets", "tags")


def video_to_watch(video_id: str, viewer: Viewer) -> Video:
    """The video, if the viewer may see it.

    Raises NotFound, with the same sentence for "not there" and "not yours".
    """
    video = read_video(video_id)
    if video is None or not can_watch(video, viewer):
        raise NotFound
    return video


def video_to_edit(video_id: str, viewer: Viewer, *, also_trashed: bool = False) -> Video:
    """The video, if it is the viewer's own.

    Raises NotFound when the viewer may not even see it, NotAllowed when it is someone else's.
    """
    video = read_video(video_id)
    if video is not None and can_edit(video, viewer) and (also_trashed or video.trashed_at is None):
        return video
    if video is None or not can_watch(video, viewer):
        raise NotFound
    raise NotAllowed("Only the owner of a video can change it.")
