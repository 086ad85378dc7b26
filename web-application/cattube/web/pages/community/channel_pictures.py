"""Pictures of channels, for whoever sees the channel."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cattube.channels.pictures.stored_picture import picture_of
from cattube.videos.channel_access import channel_to_see
from cattube.web.pages.errors_as_pages import errors_as_pages

# The address changes with the picture. No longer: what is hidden is to be gone soon.
CACHE_SECONDS = 3600


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse:
    with errors_as_pages():
        stored = picture_of(channel_to_see(name, request.user))
    if stored is None:
        raise Http404("This channel has no picture.")
    headers = {"Cache-Control": f"private, max-age={CACHE_SECONDS}", "Content-Disposition": "inline"}
    return HttpResponse(stored.content, content_type=stored.content_type, headers=headers)
