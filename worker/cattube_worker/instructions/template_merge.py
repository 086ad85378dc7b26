"""Merge of a template's content with the params of a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cattube_worker.errors import BadRequest

# A template may set bounds within "auth", but only the request says who sent it.
SENDER_KEYS = frozenset({"key", "expires", "nonce", "signature"})


def merge(template: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """The instructions in force: the template's, overridden by the request's, as `lay_over` does.

    Raises BadRequest when the template does not allow steps in the request.
    Source: transloadit's templateMerge.
    """
    if template.get("allow_steps_override") is False and params.get("steps"):
        raise BadRequest(
            "This template does not allow steps in the request.", code="TEMPLATE_DENIES_STEPS_OVERRIDE"
        )
    auth = template.get("auth")
    if isinstance(auth, Mapping):
        bounds = {name: value for name, value in auth.items() if name not in SENDER_KEYS}
        template = {**template, "auth": bounds}
    return lay_over(template, params)


def lay_over(lower: Mapping[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """A deep merge where `upper` overrides `lower`; a null in `upper` keeps the value of `lower`."""
    merged = dict(lower)
    for name, value in upper.items():
        below = merged.get(name)
        if value is None and name in merged:
            continue
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            merged[name] = lay_over(below, value)
        else:
            merged[name] = value
    return merged
