"""The robot of a step for one file: its variables filled in."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.steps import Step, check_parameters
from cattube_worker.instructions.variables import Scope, has_variables, interpolate_parameters
from cattube_worker.robots import Robot


@dataclass(frozen=True, kw_only=True)
class AssemblyFacts:
    """Facts about its assembly that a running step may know."""

    id: str
    steps: Mapping[str, Step]
    parent_id: str | None = None
    region: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    max_files: int = 100
    max_size_bytes: int | None = None

    def scope(self, file: AssemblyFile | None) -> Scope:
        """The scope of a step's variables when it works on `file`."""
        return Scope(
            assembly_id=self.id,
            parent_id=self.parent_id,
            region=self.region,
            fields=self.fields,
            previous_step=file.step if file else "",
            file=file,
            now_ms=int(time.time() * 1000),
        )


def step_robot(step: Step, scope: Scope) -> Robot:
    """The step's robot, its variables filled in. Raises StepError when they do not fit."""
    defaults = step.params.default_variables
    if not has_variables(step.raw) and not has_variables(defaults):
        return step.params
    parameters = {**defaults, **step.raw}
    as_written = {key: value for key, value in parameters.items() if key in step.params.own_variables}
    filled = interpolate_parameters(parameters, scope)
    return check_parameters(step.name, type(step.params), filled | as_written)
