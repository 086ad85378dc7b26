"""Bearer tokens: for a while, and for some kinds of requests, they stand in for a signature."""

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
    """The token was not made here, or has been changed."""

    code, status = "BEARER_TOKEN_INVALID", 401


class TokenExpired(AssemblyError):
    code, status = "BEARER_TOKEN_EXPIRED", 401


class ScopeMissing(AssemblyError):
    """The token is good, but not for this."""

    code, status = "INSUFFICIENT_AUTH_SCOPE", 403


class ScopeUnknown(AssemblyError):
    code, status = "TOKEN_INVALID_SCOPE", 403


class AudienceUnknown(AssemblyError):
    code, status = "TOKEN_INVALID_AUDIENCE", 403


def read_scopes(text: str) -> list[str]:
    """The scopes asked for, all of them if none is named. Raises ScopeUnknown."""
    asked = sorted(set(text.replace(",", " ").split()))
    for scope in asked:
        if scope not in SCOPES:
            raise ScopeUnknown(f"There is no scope {scope[:50]!r}. There are {', '.join(sorted(SCOPES))}.")
    return asked or ["read", "write"]


def check_audience(audience: str) -> None:
    """Check that tokens are given for `audience`. Raises AudienceUnknown."""
    if audience not in AUDIENCES:
        raise AudienceUnknown(f"Tokens are for {' or '.join(sorted(AUDIENCES))}.")


def issue(scopes: Collection[str], *, secret: str, now: float) -> str:
    """A token for these scopes, good for LIFETIME_SECONDS."""
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
    """Check that params under a token name its own key, if any. Raises BadRequest."""
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
    # A key of its own: signed params can never pass as a token, nor the other way round.
    key = hmac.digest(secret.encode(), b"cattube bearer tokens", "sha256")
    return hmac.new(key, body.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
