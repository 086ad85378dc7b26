"""What a replay asks to have done otherwise than the first time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cattube_worker.errors import BadRequest

OVERRIDES = ("steps", "fields", "notify_url", "template_id")


def read_overrides(document: Mapping[str, Any], *, step_names: Sequence[str]) -> dict[str, Any]:
    """The overrides in a replay's params, steps by their names. Raises BadRequest.

    step_names: of the assembly to replay, in their order.
    """
    given = {name: document[name] for name in OVERRIDES if document.get(name) is not None}
    if isinstance(given.get("steps"), list):
        given["steps"] = _named(given["steps"], step_names)
    for name in ("steps", "fields"):
        if not isinstance(given.get(name, {}), dict):
            raise _refused(f"params.{name} is not an object.")
    return given


def reparses_template(document: Mapping[str, Any]) -> bool:
    """Whether the template counts as it is now, and not as it was."""
    return document.get("reparse_template") in (1, "1") or document.get("template_id") is not None


def _named(steps: Sequence[Any], names: Sequence[str]) -> dict[str, Any]:
    """Steps of the older form, a list: each stands for the step at its place; null leaves that as it is."""
    if len(steps) > len(names):
        raise _refused(f"params.steps lists {len(steps)} steps; the assembly has {len(names)}.")
    if not all(step is None or isinstance(step, dict) for step in steps):
        raise _refused("params.steps lists something that is no step.")
    return {name: step for name, step in zip(names, steps, strict=False) if step is not None}


def _refused(why: str) -> BadRequest:
    return BadRequest(why, code="ASSEMBLY_NOT_REPLAYED")
