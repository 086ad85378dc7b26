"""The `auth` of a request's params: who signed, for how long, and within which bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cattube_worker.errors import BadRequest
from cattube_worker.protocol.dates import read_expires
from cattube_worker.protocol.patterns import InvalidPattern, compile_pattern


@dataclass(frozen=True, kw_only=True)
class Auth:
    """`auth` as the sender wrote it. expires: in epoch seconds. referer: a regular expression."""

    key: str
    expires: float | None = None
    nonce: str | None = None
    max_size_bytes: int | None = None
    max_files: int | None = None
    referer: str | None = None


def read_auth(document: Mapping[str, Any]) -> Auth:
    """The `auth` in a params document. Raises BadRequest with Transloadit's code."""
    raw = document.get("auth")
    if raw is None:
        raise BadRequest("params has no auth.", code="NO_AUTH_PARAMETER")
    if not isinstance(raw, dict):
        raise BadRequest("params.auth is not an object.", code="NO_OBJECT_AUTH_PARAMETER")
    if raw.get("key") is None:
        raise BadRequest("params.auth has no key.", code="NO_AUTH_KEY_PARAMETER")
    nonce = raw.get("nonce", document.get("nonce"))
    return Auth(
        key=_text(raw, "key") or "",
        expires=_moment(raw),
        nonce=None if nonce is None else str(nonce),
        max_size_bytes=_count(raw, "max_size"),
        max_files=_count(raw, "max_number_of_files"),
        referer=_text(raw, "referer"),
    )


def check_referer(auth: Auth, referer: str | None) -> None:
    """Check the Referer header against `auth.referer`; a request without one passes. Raises BadRequest."""
    if auth.referer is None or not referer:
        return
    try:
        pattern = compile_pattern(auth.referer, ignores_case=False)
    except InvalidPattern as error:
        raise invalid_auth("referer", f"cannot be used: {error}") from None
    if not pattern.test(referer):
        raise BadRequest("This page may not use these params.", code="REFERER_MISMATCH")


def unsigned(auth: Auth) -> BadRequest:
    """Error for a request that had to be signed."""
    if auth.expires is None:
        return BadRequest("params.auth has no expires.", code="NO_AUTH_EXPIRES_PARAMETER")
    return BadRequest("This request must be signed.", code="NO_SIGNATURE_FIELD")


def invalid_auth(name: str, reason: str) -> BadRequest:
    """Error for one member of `auth`. reason: the end of a sentence that begins with its name."""
    return BadRequest(f"params.auth.{name} {reason}.", code=f"INVALID_AUTH_{name.upper()}_PARAMETER")


def _text(raw: Mapping[str, Any], name: str) -> str | None:
    value = raw.get(name)
    if value is None or isinstance(value, str):
        return value
    raise invalid_auth(name, "is not text")


def _count(raw: Mapping[str, Any], name: str) -> int | None:
    value = raw.get(name)
    if value is None:
        return None
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise invalid_auth(name, "is not a whole number")
    return value


def _moment(raw: Mapping[str, Any]) -> float | None:
    text = _text(raw, "expires")
    if text is None:
        return None
    try:
        return read_expires(text)
    except (ValueError, OverflowError):
        raise invalid_auth("expires", "is not a date such as 2026/01/31 23:59:58+00:00") from None
