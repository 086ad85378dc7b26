"""What addresses of pages name, or the exceptions of which Django makes error pages."""

from django.http import Http404, HttpRequest

from cattube.captions.languages import normal_language
from cattube.errors import InvalidFields
from cattube.playlists.access import playlist_to_edit
from cattube.playlists.models import Playlist
from cattube.videos import access
from cattube.videos.models import Video
from cattube.web.pages.errors_as_pages import errors_as_pages


def own_video_or_404(request: HttpRequest, video_id: str, *, also_trashed: bool = False) -> Video:
    """The viewer's own video. Raises Http404, PermissionDenied."""
    with errors_as_pages():
        return access.video_to_edit(video_id, request.user, also_trashed=also_trashed)


def shown_video_or_404(request: HttpRequest, video_id: str) -> Video:
    """A video that the viewer may see. Raises Http404."""
    with errors_as_pages():
        return access.video_to_watch(video_id, request.user)


def own_playlist_or_404(request: HttpRequest, playlist_id: str) -> Playlist:
    """The viewer's own playlist. Raises Http404, PermissionDenied."""
    with errors_as_pages():
        return playlist_to_edit(playlist_id, request.user)


def language_or_404(language: str) -> str:
    """The tag of a language. Raises Http404."""
    try:
        return normal_language(language)
    except InvalidFields as error:
        raise Http404(str(error)) from error
