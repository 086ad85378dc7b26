"""Telling the worker of TRANSCODER_WEBHOOK that a video lies in the bucket."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

if TYPE_CHECKING:
    import httpx

TIMEOUT_SECONDS = 5.0
LONGEST_ANSWER = 64 * 1024
ASSEMBLY_ID = re.compile(r"[0-9a-f]{32}")


class NotAnnounced(Exception):
    """The worker could not be reached, or did not take the video on: what it said."""


class Transcoder:
    """The worker's door for videos that lie in the bucket already."""

    def __init__(self, address: str, *, token: str) -> None:
        import httpx

        self._address = address
        self._errors = (httpx.HTTPError, httpx.InvalidURL)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False, headers=headers)

    @property
    def origin(self) -> str:
        parts = urlsplit(self._address)
        return f"{parts.scheme}://{parts.netloc}"

    def announce(self, input_key: str, *, webhook: str) -> str:
        """Hand the object over; the id of the Assembly that works on it, or "" when the worker names none.

        Raises NotAnnounced.
        """
        body = {"inputObject": input_key, "webhook": webhook}
        try:
            answer = self._client.post(self._address, json=body)
        except self._errors as error:
            raise NotAnnounced(f"{type(error).__name__} at {self._address}") from error
        if not answer.is_success:
            raise NotAnnounced(f"{self._address} answered {answer.status_code}")
        return _assembly_id(answer)


def _assembly_id(answer: httpx.Response) -> str:
    try:
        document = answer.json() if len(answer.content) <= LONGEST_ANSWER else None
    except ValueError:
        return ""
    named = document.get("assembly_id") if isinstance(document, dict) else None
    return named if isinstance(named, str) and ASSEMBLY_ID.fullmatch(named) else ""


@cache
def _transcoder_at(address: str, token: str) -> Transcoder:
    return Transcoder(address, token=token)


def transcoder() -> Transcoder:
    """The worker of the settings; one client per process keeps its connections."""
    return _transcoder_at(settings.TRANSCODER_WEBHOOK, settings.VIDEOS_TOKEN)
