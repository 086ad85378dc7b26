"""Webhook that an engine reports a video from the bucket to, signed for one attempt at it."""

from django.core import signing
from django.urls import reverse

from cattube.queues.address import is_queue_reference

_signer = signing.Signer(salt="cattube.processing.webhook")


class BadWebhook(Exception):
    """The address was not made by this site."""


def webhook_url(site: str, *, video_id: str, attempt: int) -> str:
    """Address that nobody can guess or change.

    site: our origin as the engine reaches it, or the reference of a queue that it reports to.
    """
    token = _signer.sign(f"{video_id}:{attempt}")
    if is_queue_reference(site):
        return f"{site}/{token}"
    return site + reverse("video_notification", args=[token])


def read_webhook(url: str) -> tuple[str, int]:
    """Video id and attempt in an address, or in its last part. Raises BadWebhook."""
    try:
        # Not urlsplit: to that, "abcdefghijk:1:…" is a scheme and its rest.
        video_id, _, attempt = _signer.unsign(url.rpartition("/")[2]).partition(":")
    except (signing.BadSignature, ValueError) as error:
        raise BadWebhook from error
    return video_id, int(attempt)
