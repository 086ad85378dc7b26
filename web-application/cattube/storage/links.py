"""Links to objects. Each carries its own permission, which expires."""

import hmac
import time
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote, urlencode

from django.conf import settings
from django.urls import get_script_prefix, reverse
from django.utils.crypto import salted_hmac

from cattube.storage.media_types import is_document
from cattube.storage.objects import LinkTimes
from cattube.storage.store import video_store

# Links made in the same five minutes are equal, so that a browser finds a thumbnail in its cache.
ROUND_SECONDS = 300


def object_url(object_key: str, *, scope: str, content_type: str) -> str:
    """URL that gives the object for at most LINK_LIFETIME: of the bucket itself, else a path of this site.

    scope: text that must be the same when a link of this site is used, else the link is void. It tells who
    sees the video, so that making it private, or the trash, ends the links handed out before.
    """
    direct = None
    if not is_document(object_key):
        direct = video_store().direct_url(object_key, content_type=content_type, times=link_times())
    return direct or site_url(object_key, scope=scope)


def site_url(object_key: str, *, scope: str) -> str:
    """Path of this site that gives the object for at most LINK_LIFETIME; scope as in `object_url`."""
    times = link_times()
    expires = int(times.signed_at.timestamp()) + times.lifetime_seconds
    return _signed_path(object_key, expires, scope, settings.SECRET_KEY, get_script_prefix())


def is_permitted(object_key: str, *, expires: str, signature: str, scope: str) -> bool:
    """Check that these query values came from `site_url` and are still good."""
    if not expires.isdecimal() or len(expires) > 12 or int(expires) < time.time():
        return False
    expected = _signature(object_key, int(expires), scope, settings.SECRET_KEY)
    return hmac.compare_digest(expected.encode(), signature.encode())


def link_times() -> LinkTimes:
    """Times of a link that is made now."""
    lifetime = int(settings.LINK_LIFETIME.total_seconds())
    now = int(time.time())
    signed_at = now - now % min(ROUND_SECONDS, lifetime // 4)
    return LinkTimes(datetime.fromtimestamp(signed_at, UTC), lifetime)


def seconds_left() -> int:
    """Seconds for which a link that is made now is good."""
    times = link_times()
    return int(times.signed_at.timestamp() + times.lifetime_seconds - time.time())


# They are equal for minutes, and in each answer about their video.
@lru_cache(maxsize=2048)
def _signed_path(object_key: str, expires: int, scope: str, secret: str, _prefix: str) -> str:
    query = urlencode({"expires": expires, "signature": _signature(object_key, expires, scope, secret)})
    return f"{reverse('object', args=[object_key])}?{query}"


def _signature(object_key: str, expires: int, scope: str, secret: str) -> str:
    text = f"{expires}\n{scope}\n{quote(object_key)}"
    return salted_hmac("cattube.storage.links", text, secret, algorithm="sha256").hexdigest()
