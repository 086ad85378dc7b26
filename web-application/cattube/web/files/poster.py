"""Still of a video under an address that stays, for other sites: links to files end within the hour."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from cattube.errors import NotFound
from cattube.storage.links import seconds_left
from cattube.videos import access
from cattube.videos.models import Visibility

# Of a public video. Not for long: it may be hidden.
CACHE_SECONDS = 300


@require_safe
def poster(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 the word in the URL
    """The way to the still of a video that the viewer may see. Caches of others keep that of public ones."""
    try:
        video = access.video_to_watch(id, request.user)
    except NotFound as error:
        raise Http404(str(error)) from error
    still = video.thumbnail_url
    if still is None:
        raise Http404("This video has no still yet.")
    # It leads to a link, which is to be good when the last cache gives it away.
    kept_seconds = min(CACHE_SECONDS, seconds_left() // 2)
    is_public = video.visibility == Visibility.PUBLIC
    caching = f"public, max-age={kept_seconds}" if is_public else "no-store"
    return HttpResponseRedirect(still, headers={"Cache-Control": caching})
