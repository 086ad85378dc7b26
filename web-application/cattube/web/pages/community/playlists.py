"""Pages of playlists: one's own, one of them, what to watch later, and saving a video."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cattube.errors import InvalidFields, NotAllowed, NotFound, SiteError
from cattube.playlists.access import (
    can_edit_playlist,
    entries_for,
    playlist_to_edit,
    playlist_to_see,
    shown_on_channel,
)
from cattube.playlists.models import WATCH_LATER, Playlist, PlaylistEntry
from cattube.playlists.playlists import (
    add_video,
    make_playlist,
    move_video,
    remove_video,
    watch_later_of,
)
from cattube.videos.models import Video, Visibility
from cattube.viewing.history import seconds_watched
from cattube.web.pages.community.playlist_form import PlaylistForm
from cattube.web.pages.lookup import shown_video_or_404
from cattube.web.pages.page_links import page_links

VIDEOS_PER_PAGE = 50
PLAYLISTS_PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def playlists(request: HttpRequest) -> HttpResponse:
    """One's own playlists, and the form for a new one."""
    user, status = _user(request), 200
    form = PlaylistForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(make_playlist(user, **form.cleaned_data))
        except SiteError as error:
            form.add_error(None, str(error))
            status = error.status
    own = shown_on_channel(user.pk, user)
    page = Paginator(own, PLAYLISTS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, **page_links(request, page)}
    return render(request, "community/playlists/playlists.html", context, status=status)


@require_safe
def playlist(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 the word in the URL
    try:
        return _show(request, playlist_to_see(id, request.user))
    except NotFound as error:
        raise Http404(str(error)) from error


@require_safe
@login_required
def later(request: HttpRequest) -> HttpResponse:
    return _show(request, watch_later_of(_user(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
    own = _own_or_404(request, id)
    if own.is_watch_later:
        raise PermissionDenied("The list of what to watch later keeps its name, and is yours alone.")
    form = PlaylistForm(request.POST or None, instance=own)
    if request.method == "POST" and form.is_valid():
        messages.success(request, "Saved.")
        return redirect(form.save())
    return render(request, "community/playlists/playlist_edit.html", {"form": form, "playlist": own})


@require_POST
@login_required
def delete(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
    own = _own_or_404(request, id)
    own.delete()
    messages.success(request, f"The playlist “{own.title}” is deleted. Its videos stay.")
    return redirect("playlists")


@require_POST
@login_required
def change_entry(request: HttpRequest, id: str, video_id: str) -> HttpResponse:  # noqa: A002
    """Move a video of one's own playlist up or down, or take it out."""
    own, change = _own_or_404(request, id), request.POST.get("change")
    if change == "remove":
        remove_video(own, video_id)
    elif change in ("up", "down"):
        move_video(own, video_id, by=1 if change == "down" else -1)
    return redirect(own)


@require_POST
@login_required
def save(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
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


def _chosen_playlist(request: HttpRequest) -> Playlist:
    """Playlist that the form for saving names. Raises InvalidFields, PlaylistFull, Http404."""
    user, title = _user(request), request.POST.get("title")
    if title is None:
        chosen = request.POST.get("playlist", "")
        return _own_or_404(request, chosen) if chosen else watch_later_of(user)
    form = PlaylistForm({"title": title, "visibility": Visibility.PRIVATE})
    if not form.is_valid():
        raise InvalidFields("A playlist needs a title of at most 200 characters.")
    return make_playlist(user, **form.cleaned_data)


def saving_context(request: HttpRequest, video: Video) -> dict[str, Any]:
    """What the watch page shows of the viewer's playlists: which have the video."""
    if not request.user.is_authenticated:
        return {}
    has_video = Exists(PlaylistEntry.objects.filter(playlist=OuterRef("pk"), video=video))
    own = Playlist.objects.filter(owner=_user(request)).annotate(has_video=has_video)
    lists: list[Playlist] = list(own.order_by("-is_watch_later", "-created_at")[:PLAYLISTS_PER_PAGE])
    if not lists or not lists[0].is_watch_later:
        lists.insert(0, Playlist(pk="", title=WATCH_LATER, is_watch_later=True))
    return {"own_playlists": lists}


def _show(request: HttpRequest, shown: Playlist) -> HttpResponse:
    entries = Paginator(entries_for(shown, request.user), VIDEOS_PER_PAGE)
    page = entries.get_page(request.GET.get("page"))
    context = {
        "playlist": shown,
        "page": page,
        "watched": seconds_watched(request.user, [entry.video for entry in page]),
        **page_links(request, page),
        "can_edit": can_edit_playlist(shown, request.user),
        "query_of_playlist": f"?playlist={shown.pk}",
    }
    return render(request, "community/playlists/playlist.html", context)


def _own_or_404(request: HttpRequest, playlist_id: str) -> Playlist:
    try:
        return playlist_to_edit(playlist_id, request.user)
    except NotFound as error:
        raise Http404(str(error)) from error
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)
