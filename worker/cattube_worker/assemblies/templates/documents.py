"""Templates as clients write and read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cattube_worker.assemblies.named_rows import LONGEST_NAME, is_name
from cattube_worker.assemblies.templates.stored_templates import TemplateChange, TemplateInvalid
from cattube_worker.assemblies.templates.template import Template
from cattube_worker.errors import BadRequest
from cattube_worker.protocol.dates import list_date

LONGEST_EXPIRY = 50
FLAGS: Mapping[object, bool] = {0: False, 1: True, "0": False, "1": True, "false": False, "true": True}


def read_template(document: Mapping[str, Any]) -> TemplateChange:
    """The template in the params of a request. Raises BadRequest.

    Robots are not checked: a template may be for another engine, or for a later release of this one.
    """
    return TemplateChange(
        name=_name(document),
        content=_content(document),
        require_signature=_require_signature(document),
        status_expiry=_expiry(document, "assembly_status_expiry"),
        result_expiry=_expiry(document, "transcoding_result_expiry"),
    )


def template_record(template: Template) -> dict[str, Any]:
    """The answer to GET /templates/:id, and an item of the list."""
    last_used_at = template.last_used_at
    return {
        "id": template.id,
        "name": template.name,
        "content": template.content,
        "require_signature_auth": int(template.require_signature),
        "assembly_status_expiry": template.status_expiry,
        "transcoding_result_expiry": template.result_expiry,
        "created": list_date(template.created_at),
        "modified": list_date(template.modified_at),
        "last_used": None if last_used_at is None else list_date(last_used_at),
        "encryption_version": 0,
        "is_builtin": template.is_builtin,
    }


def _name(document: Mapping[str, Any]) -> str | None:
    name = document.get("name")
    if name is None:
        return None
    if not is_name(name):
        raise TemplateInvalid(f"The name of a template is text of 1 to {LONGEST_NAME} characters.")
    return name


def _content(document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    raw = document.get("template")
    if raw is None and document.get("steps") is not None:
        raw = {"steps": document["steps"]}  # pytransloadit sends the steps alone.
    if isinstance(raw, str):
        raw = _parse(raw)
    if raw is None:
        return None
    if not isinstance(raw, dict) or not isinstance(raw.get("steps"), dict):
        raise TemplateInvalid('A template is an object with "steps", which is an object too.')
    return raw


def _parse(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadRequest("The template is not valid JSON.", code="TEMPLATE_INVALID_JSON") from None


def _require_signature(document: Mapping[str, Any]) -> bool | None:
    raw = document.get("require_signature_auth")
    if raw is None:
        return None
    if not isinstance(raw, int | str) or raw not in FLAGS:
        raise TemplateInvalid("require_signature_auth is 0 or 1.")
    return FLAGS[raw]


def _expiry(document: Mapping[str, Any], name: str) -> str | None:
    value = document.get(name)
    if value is None or (isinstance(value, str) and len(value) <= LONGEST_EXPIRY and value.isprintable()):
        return value
    raise TemplateInvalid(f'{name} is text such as "1day".')
