"""The page of what a person has watched, and what the player is told of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cattube.errors import InvalidFields
from cattube.paging.by_moment import page_before
from cattube.videos.access import Viewer
from cattube.videos.models import Video
from cattube.viewing import history as viewing_history
from cattube.web.pages.form_only import form_only
from cattube.web.pages.login_needed import login_required
from cattube.web.person import person_of

VIDEOS_PER_PAGE = 24


@require_safe
@login_required
def history(request: HttpRequest) -> HttpResponse:
    """The last watched first. `?before=` is the cursor of a later page: a long history is not counted."""
    user, cursor = person_of(request), request.GET.get("before", "")
    rows = viewing_history.lines_of(user)
    try:
        lines, older = page_before(rows, moment="watched_at", cursor=cursor, limit=VIDEOS_PER_PAGE)
    except InvalidFields:
        return redirect("history")
    context = {
        "lines": lines,
        "watched": {line.video_id: line.seconds for line in lines},
        "older": older,
        "is_on": viewing_history.is_on(user),
    }
    return render(request, "community/history.html", context)


@form_only
@login_required
def switch(request: HttpRequest) -> HttpResponse:
    is_on = request.POST.get("on") == "1"
    viewing_history.switch(person_of(request), on=is_on)
    messages.success(request, f"Your history is {'on' if is_on else 'off'}.")
    return redirect("history")


@form_only
@login_required
def empty(request: HttpRequest) -> HttpResponse:
    viewing_history.empty(person_of(request))
    messages.success(request, "Your history is empty.")
    return redirect("history")


@form_only
@login_required
def forget(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 the word in the URL
    viewing_history.forget(person_of(request), id)
    return redirect("history")


def viewing_json(video: Video, viewer: Viewer) -> dict[str, Any]:
    """Data for the page's script: whether the site keeps positions for the viewer, and the one it has."""
    if not isinstance(viewer, User) or not viewing_history.is_on(viewer):
        return {"keeps_position": False, "position_seconds": 0}
    return {"keeps_position": True, "position_seconds": viewing_history.position_in(video, viewer)}
