"""Params of a replay: what it does otherwise than the first time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cattube_worker.errors import BadRequest

OVERRIDES = ("steps", "fields", "notify_url", "template_id")


def read_overrides(document: Mapping[str, Any], *, step_names: Sequence[str]) -> dict[str, Any]:
    """The overrides in a replay's params, steps by their names. Raises BadRequest.

    step_names: of the assembly to replay, in their order.
    """
    overrides = {name: document[name] for name in OVERRIDES if document.get(name) is not None}
    if isinstance(overrides.get("steps"), list):
        overrides["steps"] = _steps_by_name(overrides["steps"], step_names)
    for name in ("steps", "fields"):
        if not isinstance(overrides.get(name, {}), dict):
            raise _not_replayed(f"params.{name} is not an object.")
    return overrides


def reparses_template(document: Mapping[str, Any]) -> bool:
    """True when the replay uses the template as it is now, not as it was."""
    return document.get("reparse_template") in (1, "1") or document.get("template_id") is not None


def _steps_by_name(steps: Sequence[Any], names: Sequence[str]) -> dict[str, Any]:
    """Steps in the older form, a list in the order of `names`; null leaves a step as it is."""
    if len(steps) > len(names):
        raise _not_replayed(f"params.steps lists {len(steps)} steps; the assembly has {len(names)}.")
    if not all(step is None or isinstance(step, dict) for step in steps):
        raise _not_replayed("params.steps lists something that is no step.")
    return {name: step for name, step in zip(names, steps, strict=False) if step is not None}


def _not_replayed(reason: str) -> BadRequest:
    return BadRequest(reason, code="ASSEMBLY_NOT_REPLAYED")
