"""Refusals of files of captions."""

from cattube.errors import SiteError

MAX_FILE_BYTES = 2_000_000
MAX_CUES = 20_000


class UnreadableCaptions(SiteError):
    """A file that is no captions. line: where it stops being some, from 1; None for the whole."""

    code, status = "CAPTIONS_UNREADABLE", 400

    def __init__(self, sentence: str, *, line: int | None = None) -> None:
        super().__init__(sentence if line is None else f"Line {line}: {sentence}")


class CaptionsTooLarge(SiteError):
    code, status = "TOO_LARGE", 413

    def __init__(self) -> None:
        super().__init__(f"A file of captions has {MAX_FILE_BYTES // 1_000_000} MB at most.")
