"""The `params` of a request, and the check that the account sent them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from cattube_worker.errors import AssemblyError, BadRequest
from cattube_worker.protocol.params.auth import Auth, invalid_auth, read_auth, unsigned
from cattube_worker.protocol.signature import verify

COUNT_FIELDS = ("tus_num_expected_upload_files", "num_expected_upload_files")
RESERVED_FIELDS = frozenset({"params", "signature", *COUNT_FIELDS})
# What an assembly is to do, as params say it.
TO_DO = ("template_id", "steps", "fields", "notify_url")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Params of a request. text: exactly as received; document: the same, parsed."""

    text: str
    document: Mapping[str, Any]
    auth: Auth


class SignedForUploader(AssemblyError):
    """The signature is right, but it was made for another request."""

    code, status = "SERVER_403", 403


@dataclass(frozen=True, kw_only=True)
class Account:
    """Key and secret of this engine's one account, and its rules for signatures."""

    key: str
    secret: str = field(repr=False)
    require_signature: bool = True
    allow_sha1: bool = False
    max_signature_seconds: float = 7 * 24 * 3600


def check_not_for_uploader(params: Params, *, may_say: Collection[str]) -> None:
    """Check that the params were not signed for somebody who uploads. Raises SignedForUploader.

    A site gives those to browsers: they may make one assembly. Nothing in a signature says for which request
    it was made, so with them every uploader could list the assemblies of all others (M47).
    may_say: of TO_DO, what the params of this request have a use for.
    """
    bounds = (params.auth.max_size_bytes, params.auth.max_files)
    # A template has a name, and in the Python SDK its steps beside that.
    is_template = params.document.get("name") is not None
    unfit = [name for name in TO_DO if params.document.get(name) is not None and name not in may_say]
    if (unfit and not is_template) or any(bound is not None for bound in bounds):
        raise SignedForUploader(
            "These params were signed for an upload, and allow nothing else. Sign others for this request: "
            f"without auth.max_size, auth.max_number_of_files, {', '.join(TO_DO)}."
        )


def read_params(text: str | None) -> Params:
    """The params in a form field. Raises BadRequest with Transloadit's code."""
    if not text:
        raise BadRequest("The form has no field named params.", code="NO_PARAMS_FIELD")
    document = _parse(text)
    return Params(text=text, document=document, auth=read_auth(document))


def read_vouched_params(text: str | None, *, key: str) -> Params:
    """The params of a request with a bearer token for `key`, which they may leave out.

    Raises BadRequest with Transloadit's code.
    """
    document = _parse(text or "{}")
    if isinstance(auth := document.get("auth", {}), dict) and auth.get("key") is None:
        document = {**document, "auth": {**auth, "key": key}}
    return Params(text=text or "{}", document=document, auth=read_auth(document))


def check_auth(
    params: Params, signature: str | None, *, account: Account, now: float, must_be_signed: bool | None = None
) -> None:
    """Check that the account sent `params`, and that they have not expired. Raises BadRequest.

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
    verify(params.text, signature, secret=account.secret, allow_sha1=account.allow_sha1)
    if expires < now:
        raise BadRequest("params.auth.expires is in the past. Sign the request anew.", code="AUTH_EXPIRED")
    if expires > now + account.max_signature_seconds:
        raise invalid_auth("expires", "lies too far ahead")


def read_expected_uploads(form: Mapping[str, str], document: Mapping[str, Any]) -> int:
    """Number of files the client announces to send by tus; 0 if it announces none. Raises BadRequest."""
    values = [form.get(name) for name in COUNT_FIELDS] + [document.get(COUNT_FIELDS[1])]
    raw = next((value for value in values if value is not None), 0)
    text = str(raw).strip()
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise BadRequest(
            "The number of expected uploads must be a whole number.",
            code="ASSEMBLY_INVALID_NUM_EXPECTED_UPLOAD_FILES_PARAM",
        )
    return int(text)


def _parse(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise BadRequest("The field params is not valid JSON.", code="INVALID_PARAMS_FIELD") from None
    if not isinstance(document, dict):
        raise BadRequest("The field params is not a JSON object.", code="NO_OBJECT_PARAMS_FIELD")
    return document
