"""Page about the chapters of a video, for its owner."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cattube.captions.chapters import chapters_in, read_chapters, set_chapters, written_chapters
from cattube.captions.video_texts import chapters_of
from cattube.errors import NotFound, SiteError
from cattube.web.pages.login_needed import login_required
from cattube.web.pages.lookup import own_video_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 the word in the URL
    """One chapter in each line. With none, those in the description count."""
    video = own_video_or_404(request, id)
    error, text = "", written_chapters(chapters_of(video))
    if request.method == "POST":
        text = request.POST.get("chapters", "")
        try:
            set_chapters(video, read_chapters(text))
        except NotFound as gone:
            raise Http404(str(gone)) from gone
        except SiteError as refusal:
            error = str(refusal)
        else:
            messages.success(request, "Saved.")
            return redirect(video)
    told = chapters_in(video.description, duration_seconds=video.duration_seconds)
    context = {"video": video, "text": text, "error": error, "has_told": bool(told)}
    return render(request, "videos/chapters.html", context)
