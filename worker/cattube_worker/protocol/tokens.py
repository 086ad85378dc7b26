"""Bearer tokens: they replace the signature, for some time and some kinds of requests."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Collection
from typing import Any

from cattube_worker.errors import AssemblyError, BadRequest

LIFETIME_SECONDS = 6 * 3600
AUDIENCES = frozenset({"mcp", "api2"})
SCOPES = frozenset(
    {
        "read", "write", "assemblies:read", "assemblies:write", "assembly_notifications:write",
        "templates:read", "templates:write", "template_credentials:read", "template_credentials:write",
        "billing:read", "queues:read", "smart_cdn:sign",
    }
)  # fmt: skip


class InvalidToken(AssemblyError):
    """The token was issued with another secret, or changed since."""

    code, status = "BEARER_TOKEN_INVALID", 401


class TokenExpired(AssemblyError):
    code, status = "BEARER_TOKEN_EXPIRED", 401


class ScopeMissing(AssemblyError):
    """The token is valid, but does not allow this request."""

    code, status = "INSUFFICIENT_AUTH_SCOPE", 403


class ScopeUnknown(AssemblyError):
    code, status = "TOKEN_INVALID_SCOPE", 403


class AudienceUnknown(AssemblyError):
    code, status = "TOKEN_INVALID_AUDIENCE", 403


def read_scopes(text: str) -> list[str]:
    """The scopes in a text with commas or spaces between them; all if there are none. Raises ScopeUnknown."""
    scopes = sorted(set(text.replace(",", " ").split()))
    for scope in scopes:
        if scope not in SCOPES:
            raise ScopeUnknown(f"There is no scope {scope[:50]!r}. There are {', '.join(sorted(SCOPES))}.")
    return scopes or ["read", "write"]


def check_audience(audience: str) -> None:
    """Check that the engine issues tokens for `audience`. Raises AudienceUnknown."""
    if audience not in AUDIENCES:
        raise AudienceUnknown(f"Tokens are for {' or '.join(sorted(AUDIENCES))}.")


def issue(scopes: Collection[str], *, secret: str, now: float) -> str:
    """A token for these scopes, valid for LIFETIME_SECONDS."""
    claims = {"scopes": sorted(scopes), "expires": int(now) + LIFETIME_SECONDS}
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode()
    return f"{body}.{_digest(body, secret)}"


def check(token: str, scope: str, *, secret: str, now: float) -> None:
    """Check that `token` allows `scope`. Raises InvalidToken, TokenExpired, ScopeMissing."""
    claims = _claims(token, secret)
    if claims["expires"] < now:
        raise TokenExpired("The bearer token has expired. Ask for a new one.")
    if not {scope, scope.rpartition(":")[2]} & set(claims["scopes"]):
        raise ScopeMissing(f"The bearer token does not allow {scope}.")


def check_owner(key: str, *, owner: str) -> None:
    """Check that params sent with a token name the key that owns it. Raises BadRequest."""
    if key != owner:
        raise BadRequest(
            "The bearer token belongs to another auth key.", code="BEARER_TOKEN_AUTH_KEY_MISMATCH"
        )


def _claims(token: str, secret: str) -> dict[str, Any]:
    body, _, digest = token.partition(".")
    if not hmac.compare_digest(_digest(body, secret).encode(), digest.encode("utf-8", "replace")):
        raise InvalidToken("The bearer token is not valid.")
    try:
        return dict(json.loads(base64.urlsafe_b64decode(body)))
    except (ValueError, binascii.Error) as error:
        raise InvalidToken("The bearer token is not valid.") from error


def _digest(body: str, secret: str) -> str:
    # A key for this purpose alone: a signature of params never passes as a token, nor a token as one.
    key = hmac.digest(secret.encode(), b"cattube bearer tokens", "sha256")
    return hmac.new(key, body.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
