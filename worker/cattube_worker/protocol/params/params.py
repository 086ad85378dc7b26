"""The `params` of a request."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cattube_worker.errors import BadRequest
from cattube_worker.protocol.params.auth import Auth, read_auth

COUNT_FIELDS = ("tus_num_expected_upload_files", "num_expected_upload_files")
RESERVED_FIELDS = frozenset({"params", "signature", *COUNT_FIELDS})


@dataclass(frozen=True, kw_only=True)
class Params:
    """Params of a request. text: exactly as received; document: the same, parsed."""

    text: str
    document: Mapping[str, Any]
    auth: Auth


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
