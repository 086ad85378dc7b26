"""Saving of a video into playlists, from its page."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cattube.errors import InvalidFields, SiteError
from cattube.playlists.models import WATCH_LATER, Playlist, PlaylistEntry
from cattube.playlists.playlists import add_video, make_playlist, remove_video, watch_later_of
from cattube.videos.models import Video, Visibility
from cattube.web.pages.community.playlist_form import PlaylistForm
from cattube.web.pages.form_only import form_only
from cattube.web.pages.login_needed import login_required
from cattube.web.pages.lookup import own_playlist_or_404, shown_video_or_404
from cattube.web.person import person_of

PLAYLISTS_OFFERED = 50


@form_only
@login_required
def save(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 the word in the URL
    """Put a video into a playlist of one's own, or take it out.

    playlist: id; empty for what to watch later. title: of a new one to put it in.
    """
    video = shown_video_or_404(request, id)
    try:
        own = _chosen_playlist(request)
        if request.POST.get("saved") == "0":
            remove_video(own, video.pk)
        else:
            add_video(own, video)
    except SiteError as error:
        messages.error(request, str(error))
    return redirect(video)


def saving_context(request: HttpRequest, video: Video) -> dict[str, Any]:
    """What the watch page shows of the viewer's playlists: which have the video."""
    if not request.user.is_authenticated:
        return {}
    has_video = Exists(PlaylistEntry.objects.filter(playlist=OuterRef("pk"), video=video))
    own = Playlist.objects.filter(owner=request.user).annotate(has_video=has_video)
    lists: list[Playlist] = list(own.order_by("-is_watch_later", "-created_at")[:PLAYLISTS_OFFERED])
    if not lists or not lists[0].is_watch_later:
        lists.insert(0, Playlist(pk="", title=WATCH_LATER, is_watch_later=True))
    return {"own_playlists": lists}


def _chosen_playlist(request: HttpRequest) -> Playlist:
    """Playlist that the form for saving names. Raises InvalidFields, PlaylistFull, Http404."""
    user, title = person_of(request), request.POST.get("title")
    if title is None:
        chosen = request.POST.get("playlist", "")
        return own_playlist_or_404(request, chosen) if chosen else watch_later_of(user)
    form = PlaylistForm({"title": title, "visibility": Visibility.PRIVATE})
    if not form.is_valid():
        raise InvalidFields("A playlist needs a title of at most 200 characters.")
    return make_playlist(user, **form.cleaned_data)
