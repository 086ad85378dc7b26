"""API of uploads: new ones and further attempts, to the engine or straight to the bucket."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from ninja.responses import Status as Answer

from cattube.accounts.quota.quota import largest_file_bytes, require_room, require_room_again
from cattube.accounts.tokens.token_scopes import Scope
from cattube.errors import SiteError
from cattube.processing.bucket import uploads as bucket_uploads
from cattube.processing.lifecycle.deletion import delete_forever
from cattube.processing.lifecycle.retry import start_new_attempt
from cattube.processing.transloadit.account import engine_account
from cattube.processing.transloadit.addresses import callback_origin, notify_url
from cattube.processing.transloadit.options import owner_name, upload_options
from cattube.videos import access
from cattube.videos.models import Video
from cattube.videos.states import UNFINISHED
from cattube.web.api.auth import needs
from cattube.web.api.schemas import ErrorOut
from cattube.web.api.uploads.bucket_uploads import bucket_upload_json
from cattube.web.api.uploads.upload_schemas import NewUploadIn, SizeBytes, UploadOut
from cattube.web.origins import engine_origin, own_origin
from cattube.web.person import person_of
from cattube.web.presentation import video_json

router = Router(tags=["uploads"])
MAX_UNFINISHED = 500
ERRORS: dict[Any, Any] = {frozenset({400, 401, 403, 404}): ErrorOut}


class FileTooLarge(SiteError):
    code, status = "MAX_SIZE_EXCEEDED", 413


class TooManyUploads(SiteError):
    code, status, retry_after_seconds = "TOO_MANY_UPLOADS", 429, 60


@router.post(
    "/uploads", response={201: UploadOut, **ERRORS}, url_name="create_upload", auth=needs(Scope.UPLOAD)
)
def create_upload(request: HttpRequest, new: NewUploadIn) -> Answer[dict[str, Any]]:
    """Make the record of a video, and get what is needed to send its file."""
    _check(request, new)
    owner = person_of(request)
    with transaction.atomic():
        require_room(owner, new.size_bytes)
        video = Video.objects.create(
            owner=owner,
            title=new.title,
            description=new.description,
            visibility=new.visibility or settings.DEFAULT_VISIBILITY,
            filename=new.filename,
            size_bytes=new.size_bytes,
        )
        video.set_tags(new.tags)
    try:
        return Answer(201, _new_upload(request, video))
    except Exception:
        delete_forever(video)  # a record that no file can reach helps nobody
        raise


@router.post(
    "/videos/{id}/retry", response={201: UploadOut, **ERRORS, 409: ErrorOut}, auth=needs(Scope.UPLOAD)
)
def retry_video(
    request: HttpRequest,
    id: str,  # noqa: A002 the word in the URL
    size_bytes: SizeBytes | None = None,
) -> Answer[dict[str, Any]]:
    """Upload the file of a failed or never arrived video again; link and details stay.

    size_bytes: of the file that comes now; without it, as large as the one before.
    """
    video = access.video_to_edit(id, request.user)
    _check_size(size_bytes)
    video = start_new_attempt(video.pk, size_bytes=size_bytes, admit=require_room_again)
    return Answer(201, _new_upload(request, video))


def _check_size(size_bytes: int | None) -> None:
    if size_bytes is not None and size_bytes > settings.MAX_UPLOAD_BYTES:
        raise FileTooLarge(
            f"The file has {size_bytes} bytes; {settings.MAX_UPLOAD_BYTES} are the most this site accepts."
        )


def _check(request: HttpRequest, new: NewUploadIn) -> None:
    _check_size(new.size_bytes)
    if bucket_uploads.is_enabled() and not new.size_bytes:
        raise bucket_uploads.SizeNeeded
    waiting = Video.objects.filter(owner_id=request.user.pk, status__in=UNFINISHED, trashed_at=None)
    if waiting.count() >= MAX_UNFINISHED:
        raise TooManyUploads(
            f"{MAX_UNFINISHED} of your videos are unfinished. Wait for some, or delete some."
        )


def _new_upload(request: HttpRequest, video: Video) -> dict[str, Any]:
    # The engine reports to where this request came in, unless the site has an address.
    port = request.META["SERVER_PORT"]
    if bucket_uploads.is_enabled():
        upload = bucket_uploads.begin_upload(video, site=callback_origin("", port=port))
        return bucket_upload_json(request, video, upload)
    return _engine_upload(request, video, port=port)


def _engine_upload(request: HttpRequest, video: Video, *, port: str) -> dict[str, Any]:
    service = engine_origin(request)
    origin = callback_origin(service, port=port)
    options = upload_options(
        engine_account(),
        template_id=settings.TRANSLOADIT_TEMPLATE_ID,
        max_bytes=largest_file_bytes(video),
        video_id=video.pk,
        attempt=video.attempt,
        folder=video.folder,
        owner=owner_name(video.owner_id),
        service=service,
        notify_url=notify_url(origin) if origin else None,
        now=timezone.now(),
    )
    return {
        "video": video_json(video, request, site=own_origin(request)),
        "assembly": options,
        "bucket": None,
    }
