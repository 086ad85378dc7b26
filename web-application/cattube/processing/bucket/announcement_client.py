"""The client of TRANSCODER_WEBHOOK, an address or a queue."""

from functools import cache

from django.conf import settings

from cattube.processing.bucket.announcement import AnnouncementClient
from cattube.processing.bucket.posting_client import PostingClient
from cattube.processing.bucket.queue_client import QueueClient
from cattube.processing.queue_settings import announcement_queue
from cattube.queues.address import QueueAddress
from cattube.queues.brokers import open_sender


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
