"""The address that a worker reports to, signed for one attempt at one video."""

from django.core import signing
from django.urls import reverse

_signer = signing.Signer(salt="cattube.processing.webhook")


class BadWebhook(Exception):
    """Not an address that we have made."""


def webhook_url(site: str, *, video_id: str, attempt: int) -> str:
    """An address nobody can guess or change. site: our origin as the worker reaches it."""
    return site + reverse("video_notification", args=[_signer.sign(f"{video_id}:{attempt}")])


def read_webhook(url: str) -> tuple[str, int]:
    """Video id and attempt of an address, or of its last part. Raises BadWebhook."""
    try:
        # Not urlsplit: to that, "abcdefghijk:1:…" is a scheme and its rest.
        video_id, _, attempt = _signer.unsign(url.rpartition("/")[2]).partition(":")
    except (signing.BadSignature, ValueError) as error:
        raise BadWebhook from error
    return video_id, int(attempt)
