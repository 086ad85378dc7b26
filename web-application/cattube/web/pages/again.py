"""A form that has a failed video processed again from the file that the engine has kept."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from cattube.accounts.quota.quota import require_room_again
from cattube.errors import SiteError
from cattube.processing.lifecycle import reprocessing
from cattube.processing.lifecycle.reprocessing import FileNotKept
from cattube.videos.states import Status
from cattube.web.pages.came_from import came_from
from cattube.web.pages.form_only import form_only
from cattube.web.pages.login_needed import login_required
from cattube.web.pages.lookup import own_video_or_404


@form_only
@login_required
def process_again(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 the word in the URL
    """Back to the page with the form; to where the file is chosen, when the engine has it no more."""
    video = own_video_or_404(request, id)
    if video.status != Status.FAILED:  # somebody has pressed twice
        return redirect(came_from(request))
    try:
        reprocessing.process_again(video.pk, admit=require_room_again)
    except FileNotKept:
        messages.error(request, f"The file of “{video.title}” is not kept any more. Choose it once more.")
        return redirect(f"{reverse('upload')}?retry={video.pk}")
    except SiteError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"“{video.title}” is processed again.")
    return redirect(came_from(request))
