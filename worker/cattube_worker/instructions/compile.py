"""An assembly's instructions, checked and planned; kept, because every poll asks for them."""

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

    shown: the steps whose files are results, asked for by name or made by a step that nothing uses.
    """

    steps: Mapping[str, Step]
    plan: Plan
    shown: frozenset[str]


@lru_cache(maxsize=256)
def read_instructions(steps: str) -> Instructions:
    """The instructions in the JSON text of a "steps" object. Raises StepError."""
    checked = read_steps(json.loads(steps))
    return Instructions(steps=checked, plan=compile_plan(checked), shown=_shown(checked))


def _shown(steps: Mapping[str, Step]) -> frozenset[str]:
    used = {use.step for step in steps.values() for use in step.uses}
    asked = {name for name, step in steps.items() if step.is_result}
    return frozenset(asked | (steps.keys() - used)) - {ORIGINAL_STEP}
