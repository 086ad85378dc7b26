"""Every error as JSON, in one place: {"error", "message", "http_code"}."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException

from cattube_worker.errors import AssemblyError

log = logging.getLogger(__name__)
RETRY_SECONDS = 5
RETRIED = frozenset({423, 429, 503, 507})
# Transloadit's codes for the errors that Flask finds. It has none for a wrong method: to it, an address
# that does not take POST is no address for POST.
CODES = {
    401: "SERVER_401",
    403: "SERVER_403",
    404: "SERVER_404",
    405: "SERVER_404",
    503: "RATE_LIMIT_REACHED",
}


def register(app: Flask) -> None:
    app.register_error_handler(AssemblyError, answer)
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(Exception, answer_unexpected)


def answer(error: AssemblyError) -> Response:
    """The error as an answer, in its own words."""
    return _answer(error.code, str(error), error.status, **_safe(error.details))


def answer_http(error: HTTPException) -> Response:
    """Errors Flask finds: unknown addresses, wrong methods, bodies that are too large."""
    status = error.code or 500
    code = CODES.get(status, "INVALID_FORM_DATA" if status < 500 else "SERVER_500")
    response = _answer(code, error.description or error.name, status)
    if status == 405 and "Allow" in (headers := dict(error.get_headers())):
        response.headers["Allow"] = headers["Allow"]
    return response


def answer_unexpected(error: Exception) -> Response:
    """A mistake of the engine: details go to the log, not to the client."""
    log.error("unexpected error", exc_info=error)
    return _answer("SERVER_500", "The engine failed to answer. Its log says why.", 500)


def _answer(code: str, message: str, status: int, **details: Any) -> Response:
    hint = {"info": {"retryIn": RETRY_SECONDS}} if status in RETRIED else {}
    document = {**hint, **details, "error": code, "message": message, "http_code": status}
    response = jsonify(document)
    response.status_code = status
    if status in RETRIED:
        response.headers["Retry-After"] = str(document["info"]["retryIn"])
    return response


def _safe(details: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in details.items() if name not in {"error", "message", "http_code"}}
