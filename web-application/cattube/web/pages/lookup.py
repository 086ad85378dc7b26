"""What pages share: a video in its owner's hands, or the page that says it is not there."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from cattube.errors import NotAllowed, NotFound
from cattube.videos import access
from cattube.videos.models import Video


def own_video_or_404(request: HttpRequest, video_id: str, *, also_trashed: bool = False) -> Video:
    """Raises Http404 and PermissionDenied, which Django makes pages of."""
    try:
        return access.video_to_edit(video_id, request.user, also_trashed=also_trashed)
    except NotFound as error:
        raise Http404(str(error)) from error
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
