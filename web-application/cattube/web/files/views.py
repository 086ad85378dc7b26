"""Endpoint for video files, thumbnails and playlists, by signed link of this site."""

import logging
from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_safe

from cattube.errors import NotAllowed, NotFound, SiteError
from cattube.storage import documents
from cattube.storage.links import is_permitted, object_url
from cattube.storage.local_store import LocalStore
from cattube.storage.media_types import is_document, piece_type
from cattube.storage.object_keys import folder_of
from cattube.storage.objects import ObjectMissing, ObjectTooLong, StoreError
from cattube.storage.store import video_store
from cattube.videos.models import Asset
from cattube.web.error_answers import error_answer
from cattube.web.files.delivery import deliver

log = logging.getLogger(__name__)


class StoreSilent(SiteError):
    code, status, retry_after_seconds = "BUCKET_SILENT", 503, 2

    def __init__(self) -> None:
        super().__init__("The store of the videos does not answer. Try again in a moment.")


@require_safe
def serve_object(request: HttpRequest, object_key: str) -> HttpResponseBase:
    """The object, if the link is good for it and the video is shown to the same people as then.

    Links to what is in the trash are for its owner, who alone is given them.
    """
    asset = _asset_with(object_key)
    if asset is None:
        return error_answer(NotFound("There is no such file."))
    permitted = is_permitted(
        object_key,
        expires=request.GET.get("expires", ""),
        signature=request.GET.get("signature", ""),
        scope=asset.video.link_scope,
    )
    if not permitted and asset.video.trashed_at:
        return error_answer(NotFound("There is no such file."))
    if not permitted:
        return error_answer(
            NotAllowed("This link has expired or was changed. Open the video's page for a new one.")
        )
    try:
        return _object_answer(request, asset, object_key)
    except (ObjectMissing, ObjectTooLong, documents.ForeignAddress, UnicodeDecodeError):
        log.exception("The object of an asset is missing or no use: %s", object_key)
        return error_answer(NotFound("There is no such file."))
    except StoreError as error:
        log.warning("The bucket did not give a playlist: %s", error)
        return error_answer(StoreSilent())


def _asset_with(object_key: str) -> Asset | None:
    """Asset with this key, or with a folder that the object is a piece of."""
    assets = Asset.objects.select_related("video")
    return assets.filter(object_key=object_key).first() or assets.filter(folder=folder_of(object_key)).first()


def _object_answer(request: HttpRequest, asset: Asset, object_key: str) -> HttpResponseBase:
    if is_document(object_key):
        return _document_answer(asset, object_key)
    content_type = asset.content_type if object_key == asset.object_key else piece_type(object_key)
    store = video_store()
    if isinstance(store, LocalStore):
        max_age_seconds = int(settings.LINK_LIFETIME.total_seconds())
        file = store.open(object_key)
        return deliver(
            request,
            file,
            object_key=object_key,
            content_type=content_type,
            max_age_seconds=max_age_seconds,
        )
    link = object_url(object_key, scope=asset.video.link_scope, content_type=content_type)
    return HttpResponseRedirect(link, headers={"Cache-Control": "no-store"})


def _document_answer(asset: Asset, object_key: str) -> HttpResponse:
    """Playlist or cues with fresh links, which no cache may keep."""
    text = video_store().read(object_key, at_most_bytes=documents.LONGEST_BYTES).decode()
    link = partial(_piece_url, scope=asset.video.link_scope)
    headers = {"Cache-Control": "no-store", "Content-Disposition": "inline"}
    return HttpResponse(
        documents.with_links(object_key, text, link), content_type=piece_type(object_key), headers=headers
    )


def _piece_url(object_key: str, *, scope: str) -> str:
    return object_url(object_key, scope=scope, content_type=piece_type(object_key))
