"""Errors of the site as HTTP answers."""

from django.http import JsonResponse

from cattube.errors import SiteError


def error_answer(error: SiteError) -> JsonResponse:
    """JSON for `error`, with its status and, where waiting helps, Retry-After."""
    response = JsonResponse({"error": error.code, "message": str(error)}, status=error.status)
    if error.retry_after_seconds is not None:
        response["Retry-After"] = str(error.retry_after_seconds)
    return response
