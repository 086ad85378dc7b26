"""Client that announces videos in the bucket to the engine of TRANSCODER_WEBHOOK."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from cattube.processing.transloadit.status import ASSEMBLY_ID

if TYPE_CHECKING:
    import httpx

TIMEOUT_SECONDS = 5.0
MAX_ANSWER_BYTES = 64 * 1024


class NotAnnounced(Exception):
    """The engine could not be reached, or did not accept the video; the text has its answer."""


class AnnouncementClient:
    """Client of an engine's address for videos that are in the bucket already."""

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

    def announce(self, input_key: str, *, webhook: str, output_folder: str) -> str:
        """Hand the object over; the id of the Assembly that works on it, or "" when the engine names none.

        output_folder: second name in the keys of what is made of it. Raises NotAnnounced.
        """
        body = {"inputObject": input_key, "webhook": webhook, "outputFolder": output_folder}
        try:
            answer = self._client.post(self._address, json=body)
        except self._errors as error:
            raise NotAnnounced(f"{type(error).__name__} at {self._address}") from error
        if not answer.is_success:
            raise NotAnnounced(f"{self._address} answered {answer.status_code}")
        return _assembly_id(answer)


def _assembly_id(answer: httpx.Response) -> str:
    try:
        document = answer.json() if len(answer.content) <= MAX_ANSWER_BYTES else None
    except ValueError:
        return ""
    assembly_id = document.get("assembly_id") if isinstance(document, dict) else None
    return assembly_id if isinstance(assembly_id, str) and ASSEMBLY_ID.fullmatch(assembly_id) else ""


@cache
def _client_at(address: str, token: str) -> AnnouncementClient:
    return AnnouncementClient(address, token=token)


def announcement_client() -> AnnouncementClient:
    """Client of the settings; one for each process keeps its connections."""
    return _client_at(settings.TRANSCODER_WEBHOOK, settings.VIDEOS_TOKEN)
