"""Videos over the API."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from ninja.responses import Status as Answer

from cattube.accounts.api_auth import AUTH_OR_ANYONE
from cattube.errors import SiteError
from cattube.origins import engine_origin, own_origin
from cattube.processing import erasure
from cattube.processing.refresh import UNFINISHED, refresh
from cattube.processing.retry import start_new_attempt
from cattube.processing.upload_options import EngineAccount, upload_options
from cattube.videos import access
from cattube.videos.api_schemas import (
    ErrorOut,
    NewUploadIn,
    UploadOut,
    VideoChangesIn,
    VideoListIn,
    VideoListOut,
    VideoOut,
)
from cattube.videos.cursor import page_after
from cattube.videos.library import search
from cattube.videos.models import Video
from cattube.videos.presentation import video_json
from cattube.videos.states import Status

router = Router(tags=["videos"])
MAX_UNFINISHED = 500
ERRORS: dict[Any, Any] = {frozenset({400, 401, 403, 404}): ErrorOut}


class TooLarge(SiteError):
    code, status = "MAX_SIZE_EXCEEDED", 413


class TooManyUploads(SiteError):
    code, status, retry_after_seconds = "TOO_MANY_UPLOADS", 429, 60


class NotUploading(SiteError):
    code, status = "NOT_UPLOADING", 409


@router.post("/uploads", response={201: UploadOut, **ERRORS}, url_name="create_upload")
def create_upload(request: HttpRequest, new: NewUploadIn) -> Answer[dict[str, Any]]:
    """Make the record of a video, and get what is needed to send its file to the engine."""
    if new.size_bytes is not None and new.size_bytes > settings.MAX_UPLOAD_BYTES:
        raise TooLarge(
            f"The file is larger than {settings.MAX_UPLOAD_BYTES} bytes, the most this site accepts."
        )
    waiting = Video.objects.filter(owner_id=request.user.pk, status__in=UNFINISHED, trashed_at=None)
    if waiting.count() >= MAX_UNFINISHED:
        raise TooManyUploads(
            f"{MAX_UNFINISHED} of your videos are unfinished. Wait for some, or delete some."
        )
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
    return Answer(201, _upload(request, video))


@router.get("/videos", response={200: VideoListOut, **ERRORS}, auth=AUTH_OR_ANYONE, url_name="list_videos")
def list_videos(request: HttpRequest, asked: Query[VideoListIn]) -> Answer[dict[str, Any]]:
    """Your own videos and everybody's public ones; `order` is newest, oldest, title or longest."""
    videos = search(access.listed_for(request.user), query=asked.q, tag=asked.tag)
    page, following = page_after(videos, order=asked.order, cursor=asked.cursor, limit=asked.limit)
    return Answer(200, {"items": [_answer(request, video) for video in page], "next": following})


@router.get("/videos/{id}", response={200: VideoOut, **ERRORS}, auth=AUTH_OR_ANYONE, url_name="video")
def get_video(request: HttpRequest, id: str) -> Answer[dict[str, Any]]:  # noqa: A002 the word in the URL
    """One video; ask again while it is not ready. Its state is never older than the engine's last answer."""
    video = access.video_to_watch(id, request.user)
    if refresh(video):
        video = access.video_to_watch(id, request.user)
    return Answer(200, _answer(request, video))


@router.patch("/videos/{id}", response={200: VideoOut, **ERRORS})
def change_video(
    request: HttpRequest,
    id: str,  # noqa: A002
    changes: VideoChangesIn,
) -> Answer[dict[str, Any]]:
    """Change details; or say, while uploading, which Assembly carries the file (to be confirmed by it)."""
    video = access.video_to_edit(id, request.user)
    values = {name: value for name, value in changes.dict(exclude_unset=True).items() if value is not None}
    tags, assembly_id = values.pop("tags", None), values.pop("assembly_id", None)
    with transaction.atomic():
        if assembly_id is not None:
            _claim_assembly(video, assembly_id)
        if values:
            # Only these columns: a report about processing may arrive at the same time.
            Video.objects.filter(pk=video.pk).update(**values)
        if tags is not None:
            video.set_tags(tags)
    return Answer(200, _answer(request, access.video_to_edit(id, request.user)))


@router.post("/videos/{id}/retry", response={201: UploadOut, **ERRORS, 409: ErrorOut})
def retry_video(request: HttpRequest, id: str) -> Answer[dict[str, Any]]:  # noqa: A002
    """Upload the file of a failed or never arrived video again; link and details stay."""
    video = start_new_attempt(access.video_to_edit(id, request.user).pk)
    return Answer(201, _upload(request, video))


@router.delete("/videos/{id}", response={204: None, **ERRORS})
def delete_video(request: HttpRequest, id: str, permanent: bool = False) -> Answer[None]:  # noqa: A002
    """Into the trash; with `permanent=true` delete record and files for ever."""
    video = access.video_to_edit(id, request.user, also_trashed=True)
    if permanent:
        erasure.erase(video)
    else:
        erasure.move_to_trash(video)
    return Answer(204, None)


@router.post("/videos/{id}/restore", response={200: VideoOut, **ERRORS})
def restore_video(request: HttpRequest, id: str) -> Answer[dict[str, Any]]:  # noqa: A002
    """Out of the trash again."""
    erasure.restore(access.video_to_edit(id, request.user, also_trashed=True))
    return Answer(200, _answer(request, access.video_to_edit(id, request.user)))


def _answer(request: HttpRequest, video: Video) -> dict[str, Any]:
    return video_json(video, request.user, site=own_origin(request))


def _claim_assembly(video: Video, assembly_id: str) -> None:
    uploading = Video.objects.filter(pk=video.pk, attempt=video.attempt, status=Status.UPLOADING)
    if not uploading.update(assembly_id=assembly_id):
        raise NotUploading("The file of this video has arrived already.")


def _upload(request: HttpRequest, video: Video) -> dict[str, Any]:
    account = EngineAccount(
        key=settings.TRANSLOADIT_KEY,
        secret=settings.TRANSLOADIT_SECRET,
        template_id=settings.TRANSLOADIT_TEMPLATE_ID,
        max_bytes=settings.MAX_UPLOAD_BYTES,
    )
    # The engine reports to where this request came in, unless the site has an address of its own.
    site = settings.SITE_URL or f"http://127.0.0.1:{request.META['SERVER_PORT']}"
    options = upload_options(
        account,
        video_id=video.pk,
        attempt=video.attempt,
        service=engine_origin(request),
        notify_url=f"{site}/notifications/transloadit",
        now=timezone.now(),
    )
    return {"video": _answer(request, video), "assembly": options}
