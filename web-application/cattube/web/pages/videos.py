"""Pages about videos."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cattube.accounts.quota.quota import quota_of
from cattube.errors import SiteError
from cattube.videos import access
from cattube.videos.models import Video, Visibility
from cattube.videos.trash import move_to_trash
from cattube.viewing.viewers import remember_guest
from cattube.web.content_security import allow_framing, allow_media, allow_uploads
from cattube.web.origins import engine_origins, own_origin
from cattube.web.outward.embed_code import embed_code, embed_size
from cattube.web.outward.link_preview import preview_of_video
from cattube.web.pages.community.channels import channel_of_video
from cattube.web.pages.community.comments import comments_context
from cattube.web.pages.community.history import viewing_json
from cattube.web.pages.community.next_videos import following_videos
from cattube.web.pages.community.playlist_saving import saving_context
from cattube.web.pages.form_only import form_only
from cattube.web.pages.forms import DESCRIPTION_HELP, VideoForm
from cattube.web.pages.login_needed import login_required
from cattube.web.pages.lookup import own_video_or_404, shown_video_or_404
from cattube.web.person import person_of
from cattube.web.presentation import video_json, video_sources


@require_safe
@login_required
@allow_uploads
def upload(request: HttpRequest) -> HttpResponse:
    config = {
        "max_bytes": settings.MAX_UPLOAD_BYTES,
        "default_visibility": settings.DEFAULT_VISIBILITY,
        "visibilities": [{"value": value, "label": label} for value, label in Visibility.choices],
        "urls": {
            "uploads": reverse("api:create_upload"),
            "videos": reverse("api:list_videos"),
            "library": reverse("library"),
        },
    }
    context = {
        "upload_config": config,
        "quota": quota_of(person_of(request)),
        "description_help": DESCRIPTION_HELP,
    }
    return render(request, "videos/upload.html", context)


@require_safe
def watch(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 the word in the URL
    player = _player(request, id)
    video = player["video"]
    around = {
        **comments_context(request, video),
        **channel_of_video(request, video),
        **saving_context(request, video),
        **following_videos(request, video),
        "link_preview": preview_of_video(video, request),
        "embed_code": _embed_code(request, video),
    }
    player["video_json"]["next"] = around["next"]
    return _show(request, "videos/watch.html", {**player, **around})


@require_safe
@allow_framing
def embed(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
    try:
        player = _player(request, id)
    except Http404:
        # Not raised: the page for it may not be framed, and the browser would say that we refused to connect.
        return render(request, "videos/embed_gone.html", status=404)
    return _show(request, "videos/embed.html", player)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
    video = own_video_or_404(request, id)
    form = VideoForm(request.POST or None, instance=video, person=person_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            form.save()
        except SiteError as error:  # it cannot move to the channel that was chosen
            form.add_error("channel", str(error))
        else:
            messages.success(request, "Saved.")
            return redirect(video)
    return render(request, "videos/edit.html", {"form": form, "video": video})


@form_only
@login_required
def delete(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
    video = own_video_or_404(request, id)
    move_to_trash(video)
    # The message carries the video's id, so that it can offer to undo.
    messages.success(request, f"Moved “{video.title}” to the trash.", extra_tags=video.pk)
    return redirect("library")


def _show(request: HttpRequest, template: str, player: dict[str, Any]) -> HttpResponse:
    response = render(request, template, player)
    remember_guest(request, response)
    if player["video"].is_finished:
        return response
    # Original and live preview of an unfinished video are at the engine.
    return allow_media(request, response, engine_origins(request))


def _player(request: HttpRequest, video_id: str) -> dict[str, Any]:
    video = shown_video_or_404(request, video_id)
    return {
        "video": video,
        "site": own_origin(request),
        "sources": video_sources(video),
        "poster_url": video.thumbnail_url,
        "can_edit": access.can_edit(video, request.user),
        "video_json": video_json(video, request, site=""),
        "viewing": viewing_json(video, request.user),
    }


def _embed_code(request: HttpRequest, video: Video) -> str:
    player = own_origin(request) + reverse("embed", args=[video.pk])
    return embed_code(player, title=video.title, size=embed_size(video.width, video.height))
