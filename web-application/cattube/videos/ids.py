"""Names of videos in URLs: short, and too many to guess."""

import secrets

LENGTH = 11


def new_video_id() -> str:
    """11 url-safe characters: 64 random bits."""
    return secrets.token_urlsafe(8)


class VideoIdConverter:
    """`<video_id:id>` in URL patterns."""

    regex = rf"[A-Za-z0-9_-]{{{LENGTH}}}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
