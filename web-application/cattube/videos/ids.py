"""Ids of videos: short enough for a URL, and too many to guess."""

import re
import secrets

LENGTH = 11
PATTERN = rf"[A-Za-z0-9_-]{{{LENGTH}}}"
_ID = re.compile(PATTERN)


def new_video_id() -> str:
    """New id of 11 url-safe characters: 64 random bits."""
    return secrets.token_urlsafe(8)


def is_video_id(text: str) -> bool:
    """True when it may be an id. Databases need not be asked for anything else, and refuse some of it."""
    return _ID.fullmatch(text) is not None


class VideoIdConverter:
    """Converter for `<video_id:id>` in URL patterns."""

    regex = PATTERN

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
