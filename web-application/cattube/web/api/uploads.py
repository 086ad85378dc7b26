"""Sending the file of a video, over the API."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from ninja.responses import Status as Answer

from cattube.errors import SiteError
from cattube.processing.bucket import uploads as bucket_uploads
from cattube.processing.lifecycle import deletion as erasure
from cattube.processing.lifecycle.retry import start_new_attempt
from cattube.processing.models import BucketUpload
from cattube.processing.transloadit.account import account
from cattube.processing.transloadit.client import is_hosted
from cattube.processing.transloadit.options import upload_options
from cattube.videos import access
from cattube.videos.models import Video
from cattube.videos.states import UNFINISHED
from cattube.web.api import s3_xml as s3_answers
from cattube.web.api.s3_xml import wants_xml
from cattube.web.api.schemas import ErrorOut, NewUploadIn, PartLinkOut, PartsOut, UploadOut, VideoOut
from cattube.web.origins import engine_origin, own_origin
from cattube.web.presentation import video_json

router = Router(tags=["uploads"])
MAX_UNFINISHED = 500
ERRORS: dict[Any, Any] = {frozenset({400, 401, 403, 404}): ErrorOut}


class TooLarge(SiteError):
    code, status = "MAX_SIZE_EXCEEDED", 413


class TooManyUploads(SiteError):
    code, status, retry_after_seconds = "TOO_MANY_UPLOADS", 429, 60


@router.post("/uploads", response={201: UploadOut, **ERRORS}, url_name="create_upload")
def create_upload(request: HttpRequest, new: NewUploadIn) -> Answer[dict[str, Any]]:
    """Make the record of a video, and get what is needed to send its file."""
    _check(request, new)
    with transaction.atomic():
        video = Video.objects.create(
            owner=cast(User, request.user),
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
        erasure.erase(video)  # a record that no file can reach helps nobody
        raise


@router.post("/videos/{id}/retry", response={201: UploadOut, **ERRORS, 409: ErrorOut})
def retry_video(request: HttpRequest, id: str) -> Answer[dict[str, Any]]:  # noqa: A002 the word in the URL
    """Upload the file of a failed or never arrived video again; link and details stay."""
    video = start_new_attempt(access.video_to_edit(id, request.user).pk)
    return Answer(201, _new_upload(request, video))


@router.get("/uploads/{id}", response={200: UploadOut, **ERRORS, 409: ErrorOut})
def get_upload(request: HttpRequest, id: str) -> Answer[dict[str, Any]]:  # noqa: A002
    """Go on with an upload into the bucket that was broken off: the parts that are there are kept."""
    video = access.video_to_edit(id, request.user)
    return Answer(200, _past_the_engine(request, video, bucket_uploads.open_upload(video)))


@router.get("/uploads/{id}/parts", response={200: PartsOut, **ERRORS, 409: ErrorOut})
def list_parts(request: HttpRequest, id: str) -> Any:  # noqa: A002
    """The parts that are there; they need not be sent again. As S3's ListParts for application/xml."""
    parts = bucket_uploads.parts_there(_open_upload(request, id))
    if wants_xml(request):
        return s3_answers.list_parts(parts)
    return Answer(200, {"parts": [{"number": part.number, "size_bytes": part.size_bytes} for part in parts]})


@router.post("/uploads/{id}/parts/{int:number}", response={200: PartLinkOut, **ERRORS, 409: ErrorOut})
def link_to_part(request: HttpRequest, id: str, number: int) -> Answer[dict[str, Any]]:  # noqa: A002
    """Where to PUT part `number`, from 1; it has to be `size_bytes` long."""
    url, size_bytes = bucket_uploads.part_link(_open_upload(request, id), number)
    return Answer(200, {"url": url, "size_bytes": size_bytes})


@router.post("/uploads/{id}/complete", response={200: VideoOut, **ERRORS, 409: ErrorOut})
def complete_upload(request: HttpRequest, id: str) -> Any:  # noqa: A002
    """All parts are there: process the video. Twice is the same as once. As S3 for application/xml."""
    video = access.video_to_edit(id, request.user)
    upload = bucket_uploads.upload_of(video)
    bucket_uploads.complete_upload(upload)
    if wants_xml(request):
        location = own_origin(request) + video.get_absolute_url()
        return s3_answers.complete_multipart_upload(location=location, object_key=upload.object_key)
    return Answer(200, _answer(request, access.video_to_edit(id, request.user)))


def _check(request: HttpRequest, new: NewUploadIn) -> None:
    if new.size_bytes is not None and new.size_bytes > settings.MAX_UPLOAD_BYTES:
        raise TooLarge(
            f"The file is larger than {settings.MAX_UPLOAD_BYTES} bytes, the most this site accepts."
        )
    if bucket_uploads.is_used() and not new.size_bytes:
        raise bucket_uploads.SizeNeeded
    waiting = Video.objects.filter(owner_id=request.user.pk, status__in=UNFINISHED, trashed_at=None)
    if waiting.count() >= MAX_UNFINISHED:
        raise TooManyUploads(
            f"{MAX_UNFINISHED} of your videos are unfinished. Wait for some, or delete some."
        )


def _answer(request: HttpRequest, video: Video) -> dict[str, Any]:
    return video_json(video, request, site=own_origin(request))


def _open_upload(request: HttpRequest, video_id: str) -> BucketUpload:
    return bucket_uploads.open_upload(access.video_to_edit(video_id, request.user))


def _new_upload(request: HttpRequest, video: Video) -> dict[str, Any]:
    # Whoever processes the video reports to where this request came in, unless the site has an address.
    site = settings.SITE_URL or f"http://127.0.0.1:{request.META['SERVER_PORT']}"
    if bucket_uploads.is_used():
        return _past_the_engine(request, video, bucket_uploads.begin_upload(video, site=site))
    return _to_the_engine(request, video, site=site)


def _past_the_engine(request: HttpRequest, video: Video, upload: BucketUpload) -> dict[str, Any]:
    return {
        "video": _answer(request, video),
        "assembly": None,
        "bucket": {"size_bytes": upload.size_bytes, "part_bytes": upload.part_bytes},
    }


def _to_the_engine(request: HttpRequest, video: Video, *, site: str) -> dict[str, Any]:
    service = engine_origin(request)
    is_within_reach = bool(settings.SITE_URL) or not is_hosted(service)
    options = upload_options(
        account(),
        template_id=settings.TRANSLOADIT_TEMPLATE_ID,
        max_bytes=settings.MAX_UPLOAD_BYTES,
        video_id=video.pk,
        attempt=video.attempt,
        service=service,
        notify_url=f"{site}/notifications/transloadit" if is_within_reach else None,
        now=timezone.now(),
    )
    return {"video": _answer(request, video), "assembly": options, "bucket": None}
