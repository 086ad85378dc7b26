"""Messages of the queue for announcements: the bodies of POST /videos, signed by the shared token."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from cattube_worker.assemblies.creation.video_requests import NotAuthorized, read_video_request
from cattube_worker.errors import BadRequest
from cattube_worker.execution.announcements.announcements import LONGEST_BODY, Announcements
from cattube_worker.protocol.signature import verify
from cattube_worker.queues.queue import Message


@dataclass(frozen=True, kw_only=True)
class AnnouncementMessages:
    """Takes on what messages announce. base_url: where clients reach the engine."""

    announcements: Announcements
    token: str = field(repr=False)
    allow_anonymous: bool
    base_url: str

    def take(self, message: Message) -> None:
        """Take the video on. Raises AssemblyError."""
        if message.is_ping:
            return
        if len(message.body) > LONGEST_BODY:
            raise BadRequest("The message is longer than any object key and address.")
        is_signed = self._check_signature(message)
        try:
            document = json.loads(message.body)
        except (ValueError, RecursionError) as error:
            raise BadRequest("The message is not JSON.") from error
        self.announcements.take(read_video_request(document), base_url=self.base_url, is_signed=is_signed)

    def _check_signature(self, message: Message) -> bool:
        """Check who signed the body, and tell if anybody did. Raises AssemblyError."""
        signature = message.headers.get("signature", "")
        if not signature and self.allow_anonymous:
            return False
        if not self.token:
            raise NotAuthorized("The message cannot be checked, for VIDEOS_TOKEN is not set.")
        text = message.body.decode(errors="replace")
        verify(text, signature, secret=self.token, allow_sha1=False)
        return True
