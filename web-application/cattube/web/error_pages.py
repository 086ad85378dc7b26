"""Answers to what went wrong outside of a view: pages for people, JSON for scripts and engines."""

import logging
import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.views import defaults

from cattube.errors import InvalidFields, NotFound, SiteBusy, SiteError
from cattube.web.error_answers import error_answer, new_error_code
from cattube.web.pages.came_from import again_url

log = logging.getLogger(__name__)
# Nobody reads these in a browser.
_FOR_SCRIPTS = ("/api/", "/files/", "/healthz/", "/notifications/")


class MethodNotAllowed(SiteError):
    code, status = "METHOD_NOT_ALLOWED", 405

    def __init__(self, method: str, allowed: str) -> None:
        super().__init__(f"{method} is not possible here. Use {allowed}.")


class UnreadableRequest(InvalidFields):
    code = "UNREADABLE_REQUEST"


def is_for_scripts(request: HttpRequest) -> bool:
    return f"{request.path}/".startswith(_FOR_SCRIPTS)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_for_scripts(request):
        return error_answer(UnreadableRequest("The request is broken, too large, or for another host."))
    return HttpResponse(render_to_string("400.html"), status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_for_scripts(request):
        return error_answer(NotFound("There is nothing at this address. /api/docs shows what there is."))
    return defaults.page_not_found(request, exception)


def busy(request: HttpRequest) -> HttpResponse:
    """Without the database, which may be what is busy."""
    answer = SiteBusy()
    if is_for_scripts(request):
        return error_answer(answer)
    page = render_to_string("503.html", {"message": str(answer), "again_url": again_url(request)})
    headers = {"Retry-After": str(answer.retry_after_seconds)}
    return HttpResponse(page, status=answer.status, headers=headers)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django logs the error with its traceback, and this a line before it, by which the operator finds it."""
    error, code = sys.exc_info()[1], new_error_code()
    if isinstance(error, OperationalError):
        return busy(request)
    log.error("%s: unexpected %s at %s", code, type(error).__name__, request.path)
    if is_for_scripts(request):
        return error_answer(SiteError(f"Something went wrong on our side. It is in the log as {code}."))
    page = render_to_string("500.html", {"code": code, "again_url": again_url(request)})
    return HttpResponse(page, status=500)


def with_words(request: HttpRequest, response: HttpResponseNotAllowed) -> HttpResponse:
    """The same response, which Django has logged, no longer empty."""
    if is_for_scripts(request):
        answer: HttpResponse = error_answer(MethodNotAllowed(request.method or "", response["Allow"]))
    else:
        answer = HttpResponse(render_to_string("405.html", request=request))
    response.content, response["Content-Type"] = answer.content, answer["Content-Type"]
    return response
