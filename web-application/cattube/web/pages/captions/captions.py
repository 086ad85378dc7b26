"""Pages about the captions of a video, for its owner."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import pluralize
from django.views.decorators.http import require_http_methods

from cattube.captions.captionings import ask_for_captions
from cattube.captions.languages import language_name
from cattube.captions.models import Kind
from cattube.captions.tracks import delete_track, save_track, track_in
from cattube.captions.video_texts import captioning_of, tracks_of
from cattube.errors import SiteError
from cattube.videos.models import Video
from cattube.web.caption_floods import refuse_caption_flood
from cattube.web.form_files import was_stopped
from cattube.web.pages.captions.caption_forms import CaptionFileForm
from cattube.web.pages.errors_as_pages import errors_as_pages
from cattube.web.pages.form_only import form_only
from cattube.web.pages.login_needed import login_required
from cattube.web.pages.lookup import language_or_404, own_video_or_404
from cattube.web.person import person_of

LANGUAGES_OFFERED = (
    *("en", "de", "fr", "es", "pt", "it", "nl", "pl"),
    *("uk", "ru", "tr", "ar", "hi", "ja", "ko", "zh"),
)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def captions(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 the word in the URL
    """Languages that there are, and a form for one more."""
    video = own_video_or_404(request, id)
    is_too_large = was_stopped(request)
    form = CaptionFileForm(request.POST or None, request.FILES or None, is_too_large=is_too_large)
    if request.method == "POST" and form.is_valid():
        return _save_file(request, video, form)
    languages = [(tag, language_name(tag)) for tag in LANGUAGES_OFFERED]
    context = {
        "video": video,
        "tracks": tracks_of(video),
        "form": form,
        "kinds": Kind.choices,
        "languages": languages,
        "captioning": captioning_of(video),
        "can_make": settings.CAPTIONS != "off" and video.is_ready,
    }
    return render(request, "videos/captions.html", context)


@form_only
@login_required
def make(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
    """Have a machine make captions of what is said."""
    video = own_video_or_404(request, id)
    try:
        ask_for_captions(video)
    except SiteError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Captions are being made. They come when the engine has time for them.")
    return redirect("captions", id=video.pk)


@form_only
@login_required
def delete(request: HttpRequest, id: str, language: str) -> HttpResponse:  # noqa: A002
    video = own_video_or_404(request, id)
    with errors_as_pages():  # without the captions, or the video with them
        track = track_in(video, language_or_404(language))
        delete_track(video, track.language)
    messages.success(request, f"Deleted the captions in {track.label}.")
    return redirect("captions", id=video.pk)


def _save_file(request: HttpRequest, video: Video, form: CaptionFileForm) -> HttpResponse:
    language, label, kind = (form.cleaned_data[name] for name in ("language", "label", "kind"))
    if not form.cues:
        return redirect("edit_captions", id=video.pk, language=language)
    try:
        refuse_caption_flood(person_of(request), form.cues)
        track = save_track(video, language, form.cues, label=label, kind=kind)
    except SiteError as error:
        messages.error(request, str(error))
    else:
        count = len(form.cues)
        messages.success(request, f"Saved {count} cue{pluralize(count)} in {track.label}.")
    return redirect("captions", id=video.pk)
