"""Endpoint for the engine's notifications that an Assembly has ended."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cattube.errors import SiteError
from cattube.processing.lifecycle.apply import Outcome
from cattube.processing.notifications.statuses import NotificationTooLarge, receive_status
from cattube.web.notifications.refusals import logged_refusal


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
        raise NotificationTooLarge from error
    return receive_status(text, request.POST.get("signature", ""))
