"""Where a worker reports that a video from the bucket has ended.

The report is a knock on the door: whoever names an Assembly when taking a video on is asked what became of
it. Only a worker that names none is believed as it says.
"""

import json
import logging
import mimetypes
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cattube.errors import NotAllowed, NotFound, SiteBusy, SiteError, answer
from cattube.processing.lifecycle.apply import apply_report
from cattube.processing.lifecycle.refresh import ask
from cattube.processing.models import Abandonment, BucketUpload
from cattube.processing.transloadit.client import EngineUnreachable
from cattube.processing.transloadit.status import CODE, BadReport, Phase, Report, Result
from cattube.processing.webhook import BadWebhook, read_webhook
from cattube.storage.object_keys import is_safe
from cattube.storage.objects import StoreError
from cattube.videos.models import Asset

log = logging.getLogger(__name__)
LONGEST_BODY = 64 * 1024
FAILURE = "INTERNAL_COMMAND_ERROR"


@csrf_exempt
@require_POST
def receive_video_notification(request: HttpRequest, token: str) -> HttpResponse:
    """Take `{"status", "inputObject", "outputObject", "thumbnail"}`; any 2xx means: need not come again."""
    try:
        _take(request, token)
    except SiteError as error:
        log.warning("Refused a report from %s: %s %s", request.META["REMOTE_ADDR"], error.code, error)
        return answer(error)
    return JsonResponse({"ok": "NOTIFICATION_RECEIVED"})


def _take(request: HttpRequest, token: str) -> None:
    try:
        video_id, attempt = read_webhook(token)
    except BadWebhook as error:
        raise NotAllowed("This address was not made by this site.") from error
    told = _document(request)
    upload = BucketUpload.objects.filter(video_id=video_id, attempt=attempt).select_related("video").first()
    if upload is None:
        if Abandonment.objects.filter(video_id=video_id, attempt=attempt).exists():
            return  # given up; `reconcile` clears away what it has made
        raise NotFound(f"There is no video {video_id} with attempt {attempt}.")
    if told.get("inputObject") != upload.object_key:
        raise BadReport("inputObject is not the object of this video.")
    if upload.video.attempt == attempt:
        _bring_in(upload, told)


def _bring_in(upload: BucketUpload, told: dict[str, Any]) -> None:
    """Raises SiteBusy when the report should come again: it is early, or its sender cannot be asked."""
    if upload.announced_at is None:
        raise SiteBusy
    try:
        if upload.video.assembly_id:
            ask(upload.video)
        else:
            apply_report(_report(upload, told))
    except (EngineUnreachable, StoreError) as error:
        log.warning("The report about %s cannot be brought in yet: %s", upload.video_id, error)
        raise SiteBusy from error


def _document(request: HttpRequest) -> dict[str, Any]:
    try:
        body = request.body
        document = json.loads(body) if len(body) <= LONGEST_BODY else None
    except (RequestDataTooBig, ValueError, RecursionError) as error:
        raise BadReport("The report is not JSON we can read.") from error
    if not isinstance(document, dict):
        raise BadReport("The report is not a JSON object, or is too long.")
    return document


def _report(upload: BucketUpload, told: dict[str, Any]) -> Report:
    """What a worker without Assemblies says. Raises BadReport."""
    is_success = told.get("status") == "success"
    objects = {
        Asset.Role.WATERMARKED: told.get("outputObject"),
        Asset.Role.THUMBNAIL: told.get("thumbnail"),
    }
    return Report(
        assembly_id="",
        video_id=upload.video_id,
        attempt=upload.attempt,
        phase=Phase.COMPLETED if is_success else Phase.FAILED,
        error_code="" if is_success else _code(told.get("error")),
        results=tuple(_result(role, key) for role, key in objects.items() if key is not None and is_success),
    )


def _code(error: Any) -> str:
    return error if isinstance(error, str) and CODE.fullmatch(error) else FAILURE


def _result(role: str, object_key: Any) -> Result:
    if not isinstance(object_key, str) or not is_safe(object_key):
        raise BadReport(f"The object of the {role} video is no key of ours.")
    return Result(
        role=role,
        object_key=object_key,
        content_type=mimetypes.guess_type(object_key)[0] or "",
        size_bytes=None,
        width=None,
        height=None,
        duration_seconds=None,
    )
