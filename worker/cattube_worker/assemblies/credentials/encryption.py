"""Secrets at rest: what is written to the database only encrypted."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from typing import Any

from cattube_worker.errors import AssemblyError


class CredentialsUnreadable(AssemblyError):
    """The secret that this was sealed with is not the engine's any more."""

    code, status = "TEMPLATE_CREDENTIALS_NOT_READ", 400


class CredentialEncryption:
    """Seals documents so that only an engine with the same secret reads them."""

    def __init__(self, secret: str) -> None:
        # A key of its own: nothing that is signed elsewhere tells anything about it.
        key = hmac.digest(secret.encode(), b"cattube template credentials", "sha256")
        self._key = base64.urlsafe_b64encode(key)

    def seal(self, document: Mapping[str, Any]) -> str:
        """The document as encrypted text."""
        return str(self._fernet().encrypt(json.dumps(document).encode()), "ascii")

    def open(self, sealed: str) -> dict[str, Any]:
        """The document that was sealed. Raises VaultClosed."""
        from cryptography.fernet import InvalidToken

        try:
            opened = json.loads(self._fernet().decrypt(sealed.encode()))
        except InvalidToken as error:
            raise CredentialsUnreadable(
                "These credentials were stored under another secret. Store them anew, or set the old secret."
            ) from error
        return dict(opened)

    def _fernet(self) -> Any:
        # Imported when first needed: most engines hold no credentials, and idle with less memory.
        from cryptography.fernet import Fernet

        return Fernet(self._key)
