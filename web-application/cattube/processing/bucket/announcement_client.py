"""Clients that announce videos in the bucket to the engine of TRANSCODER_WEBHOOK: by POST, or by a queue."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from django.conf import settings

from cattube.processing.queue_settings import announcement_queue
from cattube.processing.transloadit.signature import sign
from cattube.processing.transloadit.status.assembly_status import ASSEMBLY_ID
from cattube.queues.address import QueueAddress
from cattube.queues.brokers import open_sender
from cattube.queues.queue import Message, QueueError, Sender

if TYPE_CHECKING:
    import httpx

TIMEOUT_SECONDS = 5.0
MAX_ANSWER_BYTES = 64 * 1024
JSON = "application/json"


class NotAnnounced(Exception):
    """The engine could not be reached, or did not accept the video; the text has its answer."""


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """One video in the bucket. webhook: gets the outcome. output_folder: second name in the keys of objects
    that are made. assembly_id: for the Assembly that works on it; of the same announcement, always the same.
    """

    input_key: str
    webhook: str
    output_folder: str
    assembly_id: str

    @property
    def body(self) -> bytes:
        document = {
            "inputObject": self.input_key,
            "webhook": self.webhook,
            "outputFolder": self.output_folder,
            "assemblyId": self.assembly_id,
        }
        return json.dumps(document).encode()


class AnnouncementClient(Protocol):
    """Hands videos over to an engine. origin: of that engine; "" is the engine of the settings."""

    @property
    def origin(self) -> str: ...

    def announce(self, announcement: Announcement) -> str:
        """Hand the object over; the id of the Assembly that works on it, or "" when the engine names none.

        Raises NotAnnounced.
        """


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


class QueueClient:
    """Client of a queue that an engine takes announcements from. They carry a signature by the shared token.

    origin: the queue does not tell who takes them; it is the engine of the settings.
    """

    origin = ""

    def __init__(self, sender: Sender, *, token: str) -> None:
        self._sender = sender
        self._token = token

    def announce(self, announcement: Announcement) -> str:
        body = announcement.body
        signature = sign(body.decode(), secret=self._token) if self._token else ""
        try:
            self._sender.send(Message(body, {"content-type": JSON, "signature": signature}))
        except QueueError as error:
            raise NotAnnounced(str(error)) from error
        return announcement.assembly_id


def _assembly_id(answer: httpx.Response) -> str:
    try:
        document = answer.json() if len(answer.content) <= MAX_ANSWER_BYTES else None
    except ValueError:
        return ""
    assembly_id = document.get("assembly_id") if isinstance(document, dict) else None
    return assembly_id if isinstance(assembly_id, str) and ASSEMBLY_ID.fullmatch(assembly_id) else ""


@cache
def _posting_client(address: str, token: str) -> PostingClient:
    return PostingClient(address, token=token)


@cache
def _queue_client(queue: QueueAddress, token: str) -> QueueClient:
    return QueueClient(open_sender(queue), token=token)


def announcement_client() -> AnnouncementClient:
    """Client of the settings; one for each process keeps its connections."""
    queue = announcement_queue()
    if queue:
        return _queue_client(queue, settings.VIDEOS_TOKEN)
    return _posting_client(settings.TRANSCODER_WEBHOOK, settings.VIDEOS_TOKEN)
