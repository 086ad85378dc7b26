"""Editor of the captions of a video in one language, for its owner."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cattube.captions.conditions import Condition
from cattube.captions.formats.markup import editable_text
from cattube.captions.formats.reading import read_captions
from cattube.captions.formats.timed_text import TimedText
from cattube.captions.formats.webvtt import written_webvtt
from cattube.captions.languages import language_name
from cattube.captions.models import CaptionTrack
from cattube.captions.tracks import cues_of, save_track
from cattube.errors import SiteError
from cattube.videos.models import Video
from cattube.web.caption_floods import refuse_caption_flood
from cattube.web.pages.login_needed import login_required
from cattube.web.pages.lookup import language_or_404, own_video_or_404
from cattube.web.person import person_of
from cattube.web.presentation import video_json, video_sources


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, id: str, language: str) -> HttpResponse:  # noqa: A002 the word in the URL
    """Editor of the captions in one language, beside the player. Without a script: of the file."""
    video = own_video_or_404(request, id)
    tag = language_or_404(language)
    track = CaptionTrack.objects.filter(video=video, language=tag).first()
    error, content = "", None
    if request.method == "POST":
        content = request.POST.get("content", "")
        try:
            cues = read_captions(content.encode())
            refuse_caption_flood(person_of(request), cues)
            save_track(video, tag, cues, condition=_condition(request))
        except SiteError as refusal:
            error = str(refusal)
        else:
            messages.success(request, "Saved.")
            return redirect("edit_captions", id=video.pk, language=tag)
    context = _editor(request, video, track, tag)
    return render(request, "videos/caption_editor.html", {**context, "error": error, "content": content})


def _editor(request: HttpRequest, video: Video, track: CaptionTrack | None, tag: str) -> dict[str, Any]:
    cues = cues_of(track) if track else []
    editor = {
        "url": reverse("api:captions", args=[video.pk, tag]),
        "etag": track.etag if track else None,
        "language": tag,
        "label": track.label if track else language_name(tag),
        "cues": [_editable(cue) for cue in cues],
    }
    return {
        "video": video,
        "video_json": video_json(video, request, site=""),
        "sources": video_sources(video),
        "poster_url": video.thumbnail_url,
        "editor": editor,
        "file": written_webvtt(cues),
    }


def _editable(cue: TimedText) -> dict[str, Any]:
    return {
        "start_seconds": cue.start_seconds,
        "end_seconds": cue.end_seconds,
        "text": editable_text(cue.text),
        "settings": cue.settings,
    }


def _condition(request: HttpRequest) -> Condition:
    """The track is as the form knew it; empty: there was none."""
    etag = request.POST.get("etag")
    if etag is None:
        return Condition()
    return Condition(etags=[etag]) if etag else Condition(is_new=True)
