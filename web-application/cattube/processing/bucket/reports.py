"""Reports of an engine that a video from the bucket has ended.

Whoever names an Assembly when accepting a video is asked what became of it: the report is only the occasion.
Only an engine that names none is believed.
"""

import json
import logging
import mimetypes
from typing import Any

from cattube.errors import NotAllowed, NotFound, SiteBusy
from cattube.processing.lifecycle.apply import apply_status
from cattube.processing.lifecycle.refresh import poll
from cattube.processing.models import Abandonment, BucketUpload
from cattube.processing.transloadit.client import EngineUnreachable
from cattube.processing.transloadit.status.assembly_status import AssemblyStatus, InvalidStatus, Phase, Result
from cattube.processing.transloadit.status.status_parser import error_code_of
from cattube.processing.webhook import BadWebhook, read_webhook
from cattube.storage.object_keys import is_safe
from cattube.storage.objects import StoreError
from cattube.videos.models import Asset

log = logging.getLogger(__name__)
MAX_REPORT_BYTES = 64 * 1024


def reported_attempt(token: str) -> tuple[str, int]:
    """Id of the video and attempt that the webhook with `token` is for. Raises NotAllowed."""
    try:
        return read_webhook(token)
    except BadWebhook as error:
        raise NotAllowed("This address was not made by this site.") from error


def receive_report(video_id: str, attempt: int, body: bytes) -> None:
    """Apply the report in `body` about an attempt at a video.

    Raises NotFound, InvalidStatus, and SiteBusy when the report should come again.
    """
    report = _document(body)
    upload = BucketUpload.objects.filter(video_id=video_id, attempt=attempt).select_related("video").first()
    if upload is None:
        if Abandonment.objects.filter(video_id=video_id, attempt=attempt).exists():
            return  # `reconcile` deletes what the engine has made
        raise NotFound(f"There is no video {video_id} with attempt {attempt}.")
    if report.get("inputObject") != upload.object_key:
        raise InvalidStatus("inputObject is not the object of this video.")
    if upload.video.attempt == attempt:
        _apply(upload, report)


def _apply(upload: BucketUpload, report: dict[str, Any]) -> None:
    """Raises SiteBusy when the report is early, or its engine cannot be asked."""
    if upload.announced_at is None:
        raise SiteBusy
    try:
        if upload.video.assembly_id:
            poll(upload.video)
        else:
            apply_status(_status(upload, report))
    except (EngineUnreachable, StoreError) as error:
        log.warning("The report about %s cannot be brought in yet: %s", upload.video_id, error)
        raise SiteBusy from error


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body) if len(body) <= MAX_REPORT_BYTES else None
    except (ValueError, RecursionError) as error:
        raise InvalidStatus("The report is not JSON we can read.") from error
    if not isinstance(document, dict):
        raise InvalidStatus("The report is not a JSON object, or is too long.")
    return document


def _status(upload: BucketUpload, report: dict[str, Any]) -> AssemblyStatus:
    """Status by the report of an engine without Assemblies. Raises InvalidStatus."""
    is_success = report.get("status") == "success"
    objects = {
        Asset.Role.WATERMARKED: report.get("outputObject"),
        Asset.Role.THUMBNAIL: report.get("thumbnail"),
    }
    return AssemblyStatus(
        assembly_id="",
        video_id=upload.video_id,
        attempt=upload.attempt,
        phase=Phase.COMPLETED if is_success else Phase.FAILED,
        error_code="" if is_success else error_code_of(report.get("error")),
        results=tuple(_result(role, key) for role, key in objects.items() if key is not None and is_success),
    )


def _result(role: str, object_key: Any) -> Result:
    if not isinstance(object_key, str) or not is_safe(object_key):
        raise InvalidStatus(f"The object of the {role} video is no key of ours.")
    return Result(
        role=role,
        object_key=object_key,
        content_type=mimetypes.guess_type(object_key)[0] or "",
        size_bytes=None,
        width=None,
        height=None,
        duration_seconds=None,
    )
