"""Video files and thumbnails out of the local bucket, by signed link."""

import logging

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from cattube.errors import NotAllowed, NotFound, answer
from cattube.storage.delivery import deliver
from cattube.storage.links import is_permitted
from cattube.storage.local import StoreError
from cattube.storage.store import bucket
from cattube.videos.models import Asset

log = logging.getLogger(__name__)


@require_safe
def serve_object(request: HttpRequest, object_key: str) -> HttpResponseBase:
    """The object, if the link is good for it and the video is still shared as it was then."""
    asset = (
        Asset.objects.filter(object_key=object_key, video__trashed_at=None).select_related("video").first()
    )
    if asset is None:
        return answer(NotFound("There is no such file."))
    permitted = is_permitted(
        object_key,
        expires=request.GET.get("expires", ""),
        signature=request.GET.get("signature", ""),
        scope=asset.video.visibility,
    )
    if not permitted:
        return answer(
            NotAllowed("This link has expired or was changed. Open the video's page for a new one.")
        )
    try:
        file = bucket().open(object_key)
    except StoreError:
        log.exception("The object of an asset is missing from the bucket: %s", object_key)
        return answer(NotFound("There is no such file."))
    max_age_seconds = int(settings.LINK_LIFETIME.total_seconds())
    return deliver(request, file, content_type=asset.content_type, max_age_seconds=max_age_seconds)
