"""Endpoint for the engine's notifications that an Assembly has ended."""

import logging

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cattube.errors import NotFound, SiteBusy, SiteError
from cattube.processing.lifecycle.apply import Outcome, apply_status
from cattube.processing.transloadit.doctor_assembly import is_test_assembly
from cattube.processing.transloadit.signature import verify
from cattube.processing.transloadit.status_parser import parse_status_text
from cattube.storage.objects import StoreError
from cattube.web.notifications.refusals import logged_refusal

log = logging.getLogger(__name__)


class NotificationTooLarge(SiteError):
    code, status = "INVALID_FORM_DATA", 413


@csrf_exempt
@require_POST
def receive_notification(request: HttpRequest) -> HttpResponse:
    """Take a signed Assembly Status; any 2xx tells the engine that it need not come again.

    Fields: `transloadit` (JSON text), `signature` (over exactly that text).
    """
    try:
        outcome = _apply(request)
    except SiteError as error:
        return logged_refusal("notification", request, error)
    return JsonResponse({"ok": "NOTIFICATION_RECEIVED", "outcome": outcome.value})


def _apply(request: HttpRequest) -> Outcome:
    try:
        text = request.POST.get("transloadit", "")
    except RequestDataTooBig as error:
        raise NotificationTooLarge("The notification is larger than any status we know.") from error
    verify(text, request.POST.get("signature", ""), secret=settings.TRANSLOADIT_SECRET)
    if is_test_assembly(text):
        return Outcome.UNCHANGED
    report = parse_status_text(text)
    try:
        outcome = apply_status(report)
    except StoreError as error:
        log.warning("Objects of Assembly %s could not be removed: %s", report.assembly_id, error)
        raise SiteBusy from error
    if outcome is Outcome.UNKNOWN:
        # 404 makes the engine come again: its notification may have overtaken the record.
        raise NotFound(f"There is no video {report.video_id} with attempt {report.attempt}.")
    log.info("Assembly %s of video %s: %s", report.assembly_id, report.video_id, outcome.value)
    return outcome
