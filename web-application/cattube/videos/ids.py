"""Ids of videos: short enough for a URL, and too many to guess."""

import secrets

LENGTH = 11
PATTERN = rf"[A-Za-z0-9_-]{{{LENGTH}}}"


def new_video_id() -> str:
    """New id of 11 url-safe characters: 64 random bits."""
    return secrets.token_urlsafe(8)


class VideoIdConverter:
    """Converter for `<video_id:id>` in URL patterns."""

    regex = PATTERN

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
