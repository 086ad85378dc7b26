"""Client that announces videos by a queue."""

from cattube.processing.bucket.announcement import JSON, Announcement, NotAnnounced
from cattube.processing.transloadit.signature import sign
from cattube.queues.queue import Message, QueueError, Sender


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
