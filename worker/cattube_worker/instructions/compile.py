"""Instructions of an assembly, checked and planned."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from cattube_worker.instructions.assembly_file import ORIGINAL_STEP
from cattube_worker.instructions.plan import Plan, compile_plan
from cattube_worker.instructions.steps import Step, read_steps


@dataclass(frozen=True, kw_only=True)
class Instructions:
    """Steps and the plan that runs them.

    result_steps: steps whose files the status lists as results, because they ask for it or nothing uses them.
    """

    steps: Mapping[str, Step]
    plan: Plan
    result_steps: frozenset[str]


# Cached, because every poll for a status asks for the instructions.
@lru_cache(maxsize=256)
def read_instructions(steps: str) -> Instructions:
    """The instructions in the JSON text of a "steps" object. Raises StepError."""
    checked = read_steps(json.loads(steps))
    return Instructions(steps=checked, plan=compile_plan(checked), result_steps=_result_steps(checked))


def _result_steps(steps: Mapping[str, Step]) -> frozenset[str]:
    used = {use.step for step in steps.values() for use in step.uses}
    requested = {name for name, step in steps.items() if step.is_result}
    return frozenset(requested | (steps.keys() - used)) - {ORIGINAL_STEP}
