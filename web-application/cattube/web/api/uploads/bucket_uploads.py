"""API of uploads straight to the bucket: going on with one, its parts, and its end."""

from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status as Answer

from cattube.accounts.tokens.token_scopes import Scope
from cattube.processing.bucket import uploads
from cattube.processing.models import BucketUpload
from cattube.videos import access
from cattube.videos.models import Video
from cattube.web.api.auth import needs
from cattube.web.api.schemas import ErrorOut
from cattube.web.api.uploads import s3_xml
from cattube.web.api.uploads.s3_xml import wants_xml
from cattube.web.api.uploads.upload_schemas import PartLinkOut, PartsOut, UploadOut
from cattube.web.api.videos.video_schemas import VideoOut
from cattube.web.origins import own_origin
from cattube.web.presentation import video_json

router = Router(tags=["uploads"])
ERRORS: dict[Any, Any] = {frozenset({400, 401, 403, 404, 409}): ErrorOut}


@router.get("/uploads/{id}", response={200: UploadOut, **ERRORS}, auth=needs(Scope.UPLOAD))
def get_upload(request: HttpRequest, id: str) -> Answer[dict[str, Any]]:  # noqa: A002 the word in the URL
    """Go on with an upload into the bucket that was broken off: the parts that are there are kept."""
    video = access.video_to_edit(id, request.user)
    return Answer(200, bucket_upload_json(request, video, uploads.open_upload(video)))


@router.get("/uploads/{id}/parts", response={200: PartsOut, **ERRORS}, auth=needs(Scope.UPLOAD))
def list_parts(request: HttpRequest, id: str) -> Any:  # noqa: A002
    """List the parts that are there; they need not be sent again. As S3's ListParts for application/xml."""
    parts = uploads.stored_parts(_open_upload(request, id))
    if wants_xml(request):
        return s3_xml.list_parts(parts)
    return Answer(200, {"parts": [{"number": part.number, "size_bytes": part.size_bytes} for part in parts]})


@router.post(
    "/uploads/{id}/parts/{int:number}",
    response={200: PartLinkOut, **ERRORS},
    auth=needs(Scope.UPLOAD),
)
def link_to_part(request: HttpRequest, id: str, number: int) -> Answer[dict[str, Any]]:  # noqa: A002
    """Get the URL to PUT part `number` to, from 1; the part has to be `size_bytes` long."""
    url, size_bytes = uploads.part_link(_open_upload(request, id), number)
    return Answer(200, {"url": url, "size_bytes": size_bytes})


@router.post("/uploads/{id}/complete", response={200: VideoOut, **ERRORS}, auth=needs(Scope.UPLOAD))
def complete_upload(request: HttpRequest, id: str) -> Any:  # noqa: A002
    """All parts are there: process the video. Twice is the same as once. As S3 for application/xml."""
    video = access.video_to_edit(id, request.user)
    upload = uploads.upload_of(video)
    uploads.complete_upload(upload)
    if wants_xml(request):
        location = own_origin(request) + video.get_absolute_url()
        return s3_xml.complete_multipart_upload(location=location, object_key=upload.object_key)
    return Answer(200, video_json(access.video_to_edit(id, request.user), request, site=own_origin(request)))


def bucket_upload_json(request: HttpRequest, video: Video, upload: BucketUpload) -> dict[str, Any]:
    """Answer to whoever uploads straight to the bucket, as UploadOut has it."""
    return {
        "video": video_json(video, request, site=own_origin(request)),
        "assembly": None,
        "bucket": {"size_bytes": upload.size_bytes, "part_bytes": upload.part_bytes},
    }


def _open_upload(request: HttpRequest, video_id: str) -> BucketUpload:
    return uploads.open_upload(access.video_to_edit(video_id, request.user))
