"""Client that announces videos by POST."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cattube.processing.bucket.announcement import JSON, Announcement, NotAnnounced
from cattube.processing.transloadit.status.assembly_status import ASSEMBLY_ID

if TYPE_CHECKING:
    import httpx

TIMEOUT_SECONDS = 5.0
MAX_ANSWER_BYTES = 64 * 1024


class PostingClient:
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

    def announce(self, announcement: Announcement) -> str:
        try:
            answer = self._client.post(
                self._address, content=announcement.body, headers={"Content-Type": JSON}
            )
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
