"""Endpoint for an engine's reports about videos from the bucket."""

import logging

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cattube.errors import SiteError
from cattube.processing.bucket.reports import receive_report, reported_attempt
from cattube.processing.transloadit.status.assembly_status import InvalidStatus
from cattube.web.notifications.refusals import logged_refusal

log = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def receive_video_notification(request: HttpRequest, token: str) -> HttpResponse:
    """Take `{"status", "inputObject", "outputObject", "thumbnail"}`; any 2xx means: need not come again."""
    try:
        receive_report(*reported_attempt(token), _body(request))
    except SiteError as error:
        return logged_refusal("report", request, error)
    return JsonResponse({"ok": "NOTIFICATION_RECEIVED"})


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig as error:
        raise InvalidStatus("The report is not JSON we can read.") from error
