"""Pages about the trash."""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.views.decorators.http import require_safe

from cattube.errors import InvalidFields
from cattube.paging.by_moment import page_before
from cattube.processing.lifecycle.deletion import delete_forever, empty_trash
from cattube.videos import trash as video_trash
from cattube.web.pages.form_only import form_only
from cattube.web.pages.login_needed import login_required
from cattube.web.pages.lookup import own_video_or_404
from cattube.web.pages.page_links import links_from_newest

VIDEOS_PER_PAGE = 24


@require_safe
@login_required
def trash(request: HttpRequest) -> HttpResponse:
    """What was deleted, the last first."""
    cursor = request.GET.get("cursor", "")
    rows = video_trash.trash_of(request.user)
    try:
        videos, older = page_before(rows, moment="trashed_at", cursor=cursor, limit=VIDEOS_PER_PAGE)
    except InvalidFields:
        return redirect("trash")
    context = {
        "videos": videos,
        "summary": video_trash.summary_of(request.user),
        "trash_days": settings.TRASH_LIFETIME.days,
        **links_from_newest(request, cursor=cursor, following=older),
    }
    return render(request, "videos/trash.html", context)


@form_only
@login_required
def empty(request: HttpRequest) -> HttpResponse:
    """Delete what the page has counted: nothing that came into the trash since it was opened."""
    until = _moment(request.POST.get("until", ""))
    deleted = empty_trash(request.user, until=until) if until else 0
    left = video_trash.summary_of(request.user).count
    messages.success(request, f"Deleted {_videos(deleted)} forever.{f' {left} left.' if left else ''}")
    return redirect("trash")


@form_only
@login_required
def restore(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 the word in the URL
    video = own_video_or_404(request, id, also_trashed=True)
    video_trash.restore(video)
    messages.success(request, f"“{video.title}” is back.")
    return redirect(video)


@form_only
@login_required
def erase(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
    video = own_video_or_404(request, id, also_trashed=True)
    delete_forever(video)
    messages.success(request, f"Deleted “{video.title}” forever.")
    return redirect("trash")


def _moment(text: str) -> datetime | None:
    """Moment that the form carries, in UTC, in which databases keep it; None for what is none."""
    try:
        moment = parse_datetime(text)
        return moment.astimezone(UTC) if moment and is_aware(moment) else None
    except (ValueError, OverflowError):
        return None


def _videos(count: int) -> str:
    return f"{count} video{'' if count == 1 else 's'}"
