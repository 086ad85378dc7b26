"""Errors that a person or a script may see. `web/error_answers.py` turns them into HTTP."""


class SiteError(Exception):
    """Error with one sentence for people and one stable code for scripts.

    The sentence says what happened, to which thing, and what to do.
    """

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
