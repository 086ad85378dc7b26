"""The queue by which the site gets notifications in the place of POSTs."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from cattube_worker.outbound.errors import ForbiddenAddress, OutboundError
from cattube_worker.outbound.http import Answer
from cattube_worker.queues.queue import Message, QueueError, Sender

log = logging.getLogger(__name__)
# What HTTP calls it when something was taken that is not done yet.
ACCEPTED = 202


@dataclass(frozen=True)
class NotificationQueue:
    """Sends to the one queue that the operator has named.

    reference: what clients call it, as `amqp:cattube.notifications`; they do not learn where the broker is.
    """

    reference: str
    sender: Sender

    def post(self, url: str, body: bytes, *, content_type: str) -> Answer:
        """Answer once the broker has the message for good. Raises OutboundError.

        url: the reference; what follows it after a slash is the receiver's.
        """
        if url.partition("/")[0] != self.reference:
            raise ForbiddenAddress(f"{url.partition('/')[0]} is not the queue of NOTIFICATIONS_URL.")
        try:
            self.sender.send(Message(body, {"content-type": content_type, "notify-url": url}))
        except QueueError as error:
            # Its words name the broker, which is for operators alone.
            log.warning("A notification was not sent: %s", error)
            raise OutboundError(f"{self.reference} does not take messages at present.") from error
        return Answer(ACCEPTED, "The broker has confirmed it.")
