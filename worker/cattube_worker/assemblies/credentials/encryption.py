"""Encryption of credentials at rest."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from typing import Any

from cattube_worker.errors import AssemblyError


class CredentialsUnreadable(AssemblyError):
    """The credentials were encrypted with another secret than the engine's present one."""

    code, status = "TEMPLATE_CREDENTIALS_NOT_READ", 400


class CredentialEncryption:
    """Encrypts documents so that only an engine with the same secret reads them."""

    def __init__(self, secret: str) -> None:
        # A key for this purpose alone: signatures made with the same secret reveal nothing about it.
        key = hmac.digest(secret.encode(), b"cattube template credentials", "sha256")
        self._key = base64.urlsafe_b64encode(key)

    def encrypt(self, document: Mapping[str, Any]) -> str:
        """The document as a Fernet token."""
        return str(self._fernet().encrypt(json.dumps(document).encode()), "ascii")

    def decrypt(self, token: str) -> dict[str, Any]:
        """The document in a token of `encrypt`. Raises CredentialsUnreadable."""
        from cryptography.fernet import InvalidToken

        try:
            document = json.loads(self._fernet().decrypt(token.encode()))
        except InvalidToken as error:
            raise CredentialsUnreadable(
                "These credentials were stored with another ENGINE_SECRET. Store them anew, or set the old."
            ) from error
        return dict(document)

    def _fernet(self) -> Any:
        # Imported when first needed: most engines hold no credentials, and idle with less memory.
        from cryptography.fernet import Fernet

        return Fernet(self._key)
