"""Links to objects that carry their own expiring permission."""

import hmac
import time
from urllib.parse import quote, urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

# Links made in the same five minutes are equal, so that a browser finds yesterday's thumbnail in its cache.
ROUND_SECONDS = 300


def object_url(object_key: str, *, scope: str) -> str:
    """A URL path that gives the object for at most LINK_LIFETIME.

    scope: text that must be the same when the link is used, or the link is void (the video's visibility, so
    that making a video private ends the links handed out before).
    """
    latest = int(time.time() + settings.LINK_LIFETIME.total_seconds())
    expires = latest - latest % min(ROUND_SECONDS, int(settings.LINK_LIFETIME.total_seconds()) // 4)
    query = urlencode({"expires": expires, "signature": _signature(object_key, expires, scope)})
    return f"{reverse('object', args=[object_key])}?{query}"


def is_permitted(object_key: str, *, expires: str, signature: str, scope: str) -> bool:
    """Whether these query values came from `object_url` and are still good."""
    if not expires.isdecimal() or len(expires) > 12 or int(expires) < time.time():
        return False
    expected = _signature(object_key, int(expires), scope)
    return hmac.compare_digest(expected.encode(), signature.encode())


def _signature(object_key: str, expires: int, scope: str) -> str:
    text = f"{expires}\n{scope}\n{quote(object_key)}"
    return salted_hmac("cattube.storage.links", text, algorithm="sha256").hexdigest()
