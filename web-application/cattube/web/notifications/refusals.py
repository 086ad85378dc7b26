"""Refusals of notifications, which an operator reads in the log when videos do not arrive."""

import logging

from django.http import HttpRequest, HttpResponse
from django.utils.log import log_response

from cattube.errors import SiteError
from cattube.web.error_answers import error_answer

log = logging.getLogger(__name__)


def logged_refusal(what: str, request: HttpRequest, error: SiteError) -> HttpResponse:
    """Answer for `error`, and one line of the log that says who was refused and why.

    what: `notification`, `report`.
    """
    response, address = error_answer(error), request.META["REMOTE_ADDR"]
    words = (what, address, error.code, str(error))
    # Django's own, so that Django does not write another line for the answer.
    log_response("Refused a %s from %s: %s %s", *words, response=response, logger=log, level="warning")
    return response
