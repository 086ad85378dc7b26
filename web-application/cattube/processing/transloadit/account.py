"""Account that the site signs its requests with."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from cattube.processing.transloadit.signature import sign

# Of requests that the site itself sends at once.
REQUEST_LIFETIME = timedelta(minutes=5)


@dataclass(frozen=True)
class Account:
    """Auth key of the engine and the secret that belongs to it."""

    key: str
    secret: str = field(repr=False)

    def auth(self, now: datetime, lifetime: timedelta, **limits: int) -> dict[str, Any]:
        """The `auth` of params: valid until `lifetime` is over, and used up by one Assembly."""
        return {
            "key": self.key,
            "expires": (now + lifetime).strftime("%Y/%m/%d %H:%M:%S+00:00"),
            "nonce": secrets.token_hex(16),
            **limits,
        }

    def signed_request(self, now: datetime, **params: Any) -> dict[str, str]:
        """Form fields of a request that the site itself sends at once."""
        return self.signed({"auth": self.auth(now, REQUEST_LIFETIME), **params})

    def signed(self, params: dict[str, Any]) -> dict[str, str]:
        """Form fields `params` and `signature`. Only this text is signed: pass it on as it is."""
        text = json.dumps(params, separators=(",", ":"))
        return {"params": text, "signature": sign(text, secret=self.secret)}


def engine_account() -> Account:
    """Account of the settings."""
    return Account(settings.TRANSLOADIT_KEY, settings.TRANSLOADIT_SECRET)
