"""Pages about the trash."""

from django.conf import settings
from django.contrib import messages
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cattube.processing.lifecycle.deletion import delete_forever
from cattube.videos import access
from cattube.videos import trash as video_trash
from cattube.web.pages.login_needed import login_required
from cattube.web.pages.lookup import own_video_or_404


@require_safe
@login_required
def trash(request: HttpRequest) -> HttpResponse:
    videos = access.trashed_by(request.user).annotate(stored_bytes=Sum("assets__size_bytes"))
    context = {"videos": videos.order_by("-trashed_at"), "trash_days": settings.TRASH_LIFETIME.days}
    return render(request, "videos/trash.html", context)


@require_POST
@login_required
def restore(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 the word in the URL
    video = own_video_or_404(request, id, also_trashed=True)
    video_trash.restore(video)
    messages.success(request, f"“{video.title}” is back.")
    return redirect(video)


@require_POST
@login_required
def erase(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
    video = own_video_or_404(request, id, also_trashed=True)
    delete_forever(video)
    messages.success(request, f"Deleted “{video.title}” for ever.")
    return redirect("trash")
