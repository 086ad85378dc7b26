"""What an assembly does: its template's content with the request's params laid over it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cattube_worker.errors import BadRequest

# Said by the request alone; a template may set bounds within "auth", but never names or proves a sender.
SENDER_KEYS = frozenset({"key", "expires", "nonce", "signature"})


def merge(template: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """The instructions in force: deep, the request over the template, a null keeps the template's value.

    Raises BadRequest when the template lets nobody override its steps and the request tries.
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
    """`lower` with `upper` over it, deep; a null in `upper` keeps what is below."""
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
