"""Signed paths: URLs of files that carry their own permission for a while."""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

HOUR = 3600
RESULT_LIFETIME = timedelta(hours=24)


def object_path(key: str) -> str:
    """Path of an object in the local store, without a permission to read it."""
    return f"/files/{quote(key)}"


class Links:
    """Paths under which this engine serves files, signed and checked.

    A path ends in "?expires=<epoch seconds>&signature=<hex>". The expiry is rounded up to the hour: a page
    that polls gets the same path, and its player keeps its cache.
    """

    def __init__(self, secret: str, *, clock: Callable[[], float]) -> None:
        # A key of its own: a signature of a link never passes as one of params, nor the other way round.
        self._key = hmac.digest(secret.encode(), b"cattube file links", "sha256")
        self._clock = clock

    def object(self, key: str, expires_in: timedelta) -> str:
        """Path of an object in the local store."""
        return self._signed(object_path(key), expires_in)

    def result(self, assembly_id: str, file_id: str, name: str) -> str:
        """Path of a result that no step stored, which the engine keeps for RESULT_EXPIRES_HOURS."""
        return self._signed(f"/results/{assembly_id}/{file_id}/{quote(name, safe='')}", RESULT_LIFETIME)

    def allows(self, path: str, *, expires: str, signature: str) -> bool:
        """Tell if the quoted `path` was signed here and has not expired."""
        if not expires.isdecimal() or len(expires) > 12 or int(expires) < self._clock():
            return False
        return hmac.compare_digest(self._digest(path, expires).encode(), signature.encode())

    def _signed(self, path: str, expires_in: timedelta) -> str:
        expires = math.ceil((self._clock() + expires_in.total_seconds()) / HOUR) * HOUR
        return f"{path}?expires={expires}&signature={self._digest(path, str(expires))}"

    def _digest(self, path: str, expires: str) -> str:
        return hmac.new(self._key, f"{path}?{expires}".encode(), hashlib.sha256).hexdigest()
