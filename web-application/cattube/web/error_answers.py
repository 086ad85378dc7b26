"""Errors of the site as HTTP answers."""

import secrets

from django.http import JsonResponse

from cattube.errors import SiteError


def error_answer(error: SiteError) -> JsonResponse:
    """JSON for `error`, with its status and, where waiting helps, Retry-After."""
    response = JsonResponse({"error": error.code, "message": str(error)}, status=error.status)
    if error.retry_after_seconds is not None:
        response["Retry-After"] = str(error.retry_after_seconds)
    return response


def new_error_code() -> str:
    """Code of one unexpected error, as 7f3a-91c2: people tell it, and the log has it."""
    return f"{secrets.token_hex(2)}-{secrets.token_hex(2)}"
