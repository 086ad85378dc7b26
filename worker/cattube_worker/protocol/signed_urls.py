"""URLs that either holder of the account's secret may hand out, each for one path and for a while.

Source: Transloadit docs, "Signature Authentication" of the Smart CDN.
"""

from __future__ import annotations

import hmac
import math
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

HOUR = 3600


class SignedUrls:
    """Paths that end in "?auth_key=<key>&exp=<epoch milliseconds>&sig=sha256:<hex>", signed and checked.

    The site signs in the same way, which contract/signed_urls.json holds both to.
    """

    def __init__(self, key: str, secret: str, *, clock: Callable[[], float]) -> None:
        self._key, self._secret, self._clock = key, secret.encode(), clock

    def signed(self, path: str) -> str:
        """The path with a permission for one to two hours. Whoever polls gets the same for an hour."""
        expires = (math.floor(self._clock() / HOUR) + 2) * HOUR
        return self.signed_until(path, expires * 1000)

    def signed_until(self, path: str, expires_ms: int) -> str:
        query = urlencode({"auth_key": self._key, "exp": expires_ms})
        return f"{path}?{query}&sig={self._digest(path, query)}"

    def allows(self, path: str, arguments: Mapping[str, str]) -> bool:
        """Tell if the account signed `path` with these arguments of the query, and they are still good."""
        expires = arguments.get("exp", "")
        if not (expires.isascii() and expires.isdecimal()) or len(expires) > 15:
            return False
        query = urlencode({"auth_key": self._key, "exp": expires})
        is_signed = hmac.compare_digest(
            self._digest(path, query).encode(), arguments.get("sig", "").encode("utf-8", "surrogatepass")
        )
        return is_signed and int(expires) > self._clock() * 1000

    def _digest(self, path: str, query: str) -> str:
        text = f"{path.removeprefix('/')}?{query}"
        return f"sha256:{hmac.new(self._secret, text.encode(), 'sha256').hexdigest()}"
