"""Form by which a viewer likes a video."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from cattube.community.flood import TooFast
from cattube.community.likes import set_like
from cattube.errors import NotFound
from cattube.web.pages.form_only import form_only
from cattube.web.pages.login_needed import login_required
from cattube.web.pages.lookup import shown_video_or_404
from cattube.web.person import person_of


@form_only
@login_required
def like(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 the word in the URL
    video = shown_video_or_404(request, id)
    try:
        set_like(video, person_of(request), liked=request.POST.get("liked") == "1")
    except NotFound as error:  # the video is deleted at the same moment
        raise Http404(str(error)) from error
    except TooFast as error:
        messages.error(request, str(error))
    return redirect(video)
