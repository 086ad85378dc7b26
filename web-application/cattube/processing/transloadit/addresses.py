"""Addresses of the engine, and of this site as the engine reaches it."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from cattube.processing.queue_settings import notification_queue
from cattube.queues.address import is_queue_reference

HOSTED_DOMAIN = "transloadit.com"


def is_hosted(address: str) -> bool:
    """True when the address belongs to hosted Transloadit, and not to an engine of somebody's own."""
    host = urlsplit(address).hostname or ""
    return host == HOSTED_DOMAIN or host.endswith(f".{HOSTED_DOMAIN}")


def internal_address() -> str:
    """Address at which this machine reaches the engine."""
    return str(settings.TRANSLOADIT_SERVICE) or f"http://127.0.0.1:{settings.WORKER_PORT}"


def site_origin(port: int | str) -> str:
    """Origin of this site for programs: SITE_URL, else `port` of this machine."""
    return str(settings.SITE_URL) or f"http://127.0.0.1:{port}"


def callback_origin(engine_address: str, *, port: int | str) -> str:
    """Where the engine reports to: an origin of this site, or the reference of a queue.

    It is "" when hosted Transloadit cannot reach the site. port: of this site on this machine, for a site
    without SITE_URL.
    """
    if is_hosted(engine_address):
        return str(settings.SITE_URL)
    queue = notification_queue()
    return queue.reference if queue else settings.NOTIFICATIONS_URL or site_origin(port)


def notify_url(origin: str) -> str:
    """Address that the engine sends notifications to. origin: as `callback_origin` gives it."""
    return origin if is_queue_reference(origin) else origin + reverse("notification")
