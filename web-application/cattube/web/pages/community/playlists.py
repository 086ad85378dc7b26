"""Pages of playlists: one's own, one of them, and what to watch later."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cattube.errors import SiteError
from cattube.playlists.access import (
    can_edit_playlist,
    can_see_playlist,
    entries_for,
    playlist_to_see,
    shown_on_channel,
)
from cattube.playlists.models import Playlist
from cattube.playlists.playlists import make_playlist, move_video, remove_video, watch_later_of
from cattube.viewing.history import seconds_watched
from cattube.web.outward.feed_links import feed_of_playlist
from cattube.web.outward.link_preview import GUEST, preview_of_playlist
from cattube.web.pages.community.playlist_form import PlaylistForm
from cattube.web.pages.errors_as_pages import errors_as_pages
from cattube.web.pages.form_only import form_only
from cattube.web.pages.login_needed import login_required
from cattube.web.pages.lookup import own_playlist_or_404
from cattube.web.pages.page_links import page_links
from cattube.web.person import person_of

VIDEOS_PER_PAGE = 50
PLAYLISTS_PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def playlists(request: HttpRequest) -> HttpResponse:
    """One's own playlists, and the form for a new one."""
    user, status = person_of(request), 200
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
    with errors_as_pages():
        return _show(request, playlist_to_see(id, request.user))


@require_safe
@login_required
def later(request: HttpRequest) -> HttpResponse:
    return _show(request, watch_later_of(person_of(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
    own = own_playlist_or_404(request, id)
    if own.is_watch_later:
        raise PermissionDenied("The list of what to watch later keeps its name, and is yours alone.")
    form = PlaylistForm(request.POST or None, instance=own)
    if request.method == "POST" and form.is_valid():
        messages.success(request, "Saved.")
        return redirect(form.save())
    return render(request, "community/playlists/playlist_edit.html", {"form": form, "playlist": own})


@form_only
@login_required
def delete(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
    own = own_playlist_or_404(request, id)
    own.delete()
    messages.success(request, f"The playlist “{own.title}” is deleted. Its videos stay.")
    return redirect("playlists")


@form_only
@login_required
def change_entry(request: HttpRequest, id: str, video_id: str) -> HttpResponse:  # noqa: A002
    """Move a video of one's own playlist up or down, or take it out."""
    own, change = own_playlist_or_404(request, id), request.POST.get("change")
    if change == "remove":
        remove_video(own, video_id)
    elif change in ("up", "down"):
        move_video(own, video_id, by=1 if change == "down" else -1)
    return redirect(own)


def _show(request: HttpRequest, shown: Playlist) -> HttpResponse:
    entries = Paginator(entries_for(shown, request.user), VIDEOS_PER_PAGE)
    page = entries.get_page(request.GET.get("page"))
    first = next((entry.video for entry in page), None)
    context = {
        "playlist": shown,
        "feed": feed_of_playlist(shown) if can_see_playlist(shown, GUEST) else None,
        "link_preview": preview_of_playlist(shown, request, first=first),
        "page": page,
        "watched": seconds_watched(request.user, [entry.video for entry in page]),
        **page_links(request, page),
        "can_edit": can_edit_playlist(shown, request.user),
        "query_of_playlist": f"?playlist={shown.pk}",
    }
    return render(request, "community/playlists/playlist.html", context)
