"""The `params` of a request, and who sent them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cattube_worker.errors import BadRequest
from cattube_worker.protocol.dates import read_expires
from cattube_worker.protocol.signature import verify

COUNT_FIELDS = ("tus_num_expected_upload_files", "num_expected_upload_files")
RESERVED_FIELDS = frozenset({"params", "signature", *COUNT_FIELDS})


@dataclass(frozen=True, kw_only=True)
class Auth:
    """Who signed, for how long, and what the signer allows."""

    key: str
    expires: float | None = None
    nonce: str | None = None
    max_size_bytes: int | None = None
    max_files: int | None = None
    referer: str | None = None


@dataclass(frozen=True, kw_only=True)
class Params:
    """A request's params: `text` exactly as it came, `document` as JSON."""

    text: str
    document: Mapping[str, Any]
    auth: Auth


@dataclass(frozen=True, kw_only=True)
class Account:
    """The key and secret this engine answers to, and its rules for signatures."""

    key: str
    secret: str = field(repr=False)
    require_signature: bool = True
    max_signature_seconds: float = 7 * 24 * 3600


def read_params(text: str | None) -> Params:
    """The params in a form field. Raises BadRequest with the code that fits."""
    if not text:
        raise BadRequest("The form has no field named params.", code="NO_PARAMS_FIELD")
    document = _parsed(text)
    return Params(text=text, document=document, auth=_read_auth(document))


def read_vouched_params(text: str | None, *, key: str) -> Params:
    """The params of a request that comes with a token for `key`: they need not name it. Raises BadRequest."""
    document = _parsed(text or "{}")
    if isinstance(auth := document.get("auth", {}), dict) and auth.get("key") is None:
        document = {**document, "auth": {**auth, "key": key}}
    return Params(text=text or "{}", document=document, auth=_read_auth(document))


def check_auth(
    params: Params, signature: str | None, *, account: Account, now: float, must_be_signed: bool | None = None
) -> None:
    """Check that `params` come from the account and still hold. Raises BadRequest.

    must_be_signed: in place of the account's own rule.
    A missing `expires` is reported before a missing signature, as Transloadit does.
    """
    auth = params.auth
    if auth.key != account.key:
        raise BadRequest("There is no account with this auth key.", code="GET_ACCOUNT_UNKNOWN_AUTH_KEY")
    is_required = account.require_signature if must_be_signed is None else must_be_signed
    if signature is None and not is_required:
        return
    expires = auth.expires
    if expires is None or signature is None:
        raise unsigned(auth)
    verify(params.text, signature, secret=account.secret)
    if expires < now:
        raise BadRequest("params.auth.expires is in the past. Sign the request anew.", code="AUTH_EXPIRED")
    if expires > now + account.max_signature_seconds:
        raise _invalid("expires", "lies too far ahead")


def unsigned(auth: Auth) -> BadRequest:
    """The answer to a request that should have been signed."""
    if auth.expires is None:
        return BadRequest("params.auth has no expires.", code="NO_AUTH_EXPIRES_PARAMETER")
    return BadRequest("This request must be signed.", code="NO_SIGNATURE_FIELD")


def check_referer(auth: Auth, referer: str | None) -> None:
    """Check the Referer header against `auth.referer`; a request without one passes. Raises BadRequest."""
    if auth.referer is None or not referer:
        return
    try:
        fits = re.search(auth.referer, referer[:2000])
    except re.error:
        raise _invalid("referer", "is not a regular expression") from None
    if not fits:
        raise BadRequest("This page may not use these params.", code="REFERER_MISMATCH")


def read_expected_uploads(form: Mapping[str, str], document: Mapping[str, Any]) -> int:
    """How many files the client is going to send by tus; 0 when it says nothing. Raises BadRequest."""
    given = [form.get(name) for name in COUNT_FIELDS] + [document.get(COUNT_FIELDS[1])]
    raw = next((value for value in given if value is not None), 0)
    text = str(raw).strip()
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise BadRequest(
            "The number of expected uploads must be a whole number.",
            code="ASSEMBLY_INVALID_NUM_EXPECTED_UPLOAD_FILES_PARAM",
        )
    return int(text)


def _parsed(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise BadRequest("The field params is not valid JSON.", code="INVALID_PARAMS_FIELD") from None
    if not isinstance(document, dict):
        raise BadRequest("The field params is not a JSON object.", code="NO_OBJECT_PARAMS_FIELD")
    return document


def _read_auth(document: Mapping[str, Any]) -> Auth:
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


def _text(raw: Mapping[str, Any], name: str) -> str | None:
    value = raw.get(name)
    if value is None or isinstance(value, str):
        return value
    raise _invalid(name, "is not text")


def _count(raw: Mapping[str, Any], name: str) -> int | None:
    value = raw.get(name)
    if value is None:
        return None
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _invalid(name, "is not a whole number")
    return value


def _moment(raw: Mapping[str, Any]) -> float | None:
    text = _text(raw, "expires")
    if text is None:
        return None
    try:
        return read_expires(text)
    except (ValueError, OverflowError):
        raise _invalid("expires", "is not a date such as 2026/01/31 23:59:58+00:00") from None


def _invalid(name: str, why: str) -> BadRequest:
    return BadRequest(f"params.auth.{name} {why}.", code=f"INVALID_AUTH_{name.upper()}_PARAMETER")
