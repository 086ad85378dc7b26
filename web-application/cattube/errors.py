"""The family of errors a person or a script may see; turned into HTTP here alone."""

from django.http import JsonResponse


class SiteError(Exception):
    """What happened, to which thing, what to do: one sentence for people, one stable code for scripts."""

    code, status = "INTERNAL_ERROR", 500
    retry_after_seconds: int | None = None


class NotAllowed(SiteError):
    code, status = "NOT_ALLOWED", 403


class NotFound(SiteError):
    code, status = "NOT_FOUND", 404

    def __init__(self, message: str = "There is no such video, or it is not shared with you.") -> None:
        super().__init__(message)


class InvalidFields(SiteError):
    code, status = "INVALID_FIELDS", 400


class SiteBusy(SiteError):
    code, status, retry_after_seconds = "BUSY", 503, 2

    def __init__(self) -> None:
        super().__init__("The site is busy. Nothing was lost; try again in a moment.")


def answer(error: SiteError) -> JsonResponse:
    """The error as JSON, with its status and, where waiting helps, Retry-After."""
    response = JsonResponse({"error": error.code, "message": str(error)}, status=error.status)
    if error.retry_after_seconds is not None:
        response["Retry-After"] = str(error.retry_after_seconds)
    return response
