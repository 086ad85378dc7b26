"""Steps of instructions, as written and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from cattube_worker.errors import AssemblyError
from cattube_worker.instructions.assembly_file import ORIGINAL_STEP
from cattube_worker.instructions.dependency_order import dependency_order
from cattube_worker.instructions.uses import Use, Uses, read_uses
from cattube_worker.instructions.variables import has_variables
from cattube_worker.robots import ABSENT, ROBOTS, Robot, robot_for

__all__ = ["Step", "StepError", "Use", "check_parameters", "read_steps"]

UPLOAD_HANDLE = "/upload/handle"


class StepError(AssemblyError):
    """Instructions that cannot be followed. step: the one at fault, if it is one."""

    code, status = "ASSEMBLY_STEP_INVALID", 400


@dataclass(frozen=True, kw_only=True)
class Step:
    """A named entry of the instructions.

    params: the robot with its checked parameters. A parameter with `${...}` in it has its default until the
    job runs, and is checked then.
    raw: the parameters as written, without "robot" and "use".
    """

    name: str
    robot: str
    params: Robot
    uses: tuple[Use, ...]
    is_bundle: bool = False
    group_by_original: bool = False
    raw: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_result(self) -> bool:
        """True when the step asks for its files to be results."""
        return bool(self.params.result)


def read_steps(raw: object) -> dict[str, Step]:
    """The steps of a "steps" object, each checked; with `:original`, be it written or not.

    Raises StepError with Transloadit's code and a message that names the step.
    """
    if raw is None:
        raise StepError("There are no steps: say what to do, or name a template.", code="ASSEMBLY_NO_STEPS")
    if not isinstance(raw, Mapping):
        raise StepError("steps must be an object of steps by their names.", code="ASSEMBLY_INVALID_STEPS")
    if not raw:
        raise StepError("There are no steps in the instructions.", code="ASSEMBLY_EMPTY_STEPS")
    steps = {str(name): _read_step(str(name), document) for name, document in raw.items()}
    steps.setdefault(ORIGINAL_STEP, _read_step(ORIGINAL_STEP, {"robot": UPLOAD_HANDLE}))
    _check_uses(steps)
    return steps


def check_parameters(name: str, robot: type[Robot], parameters: Mapping[str, Any]) -> Robot:
    """The robot with these parameters. Raises StepError with the robot's own validation code."""
    try:
        return robot.model_validate(dict(parameters))
    except ValidationError as error:
        raise _invalid(name, robot, error.errors()) from error


def _read_step(name: str, document: object) -> Step:
    if not isinstance(document, Mapping):
        raise StepError(f'The step "{name}" must be an object.', step=name)
    robot = _robot_of(name, document)
    raw = {key: value for key, value in document.items() if key not in {"robot", "use"}}
    uses = _read_uses(name, document.get("use")) if robot.has_inputs else Uses()
    return Step(
        name=name,
        robot=robot.name,
        params=_check_known_parameters(name, robot, raw),
        uses=uses.uses,
        is_bundle=uses.is_bundle,
        group_by_original=uses.group_by_original,
        raw=raw,
    )


def _robot_of(name: str, document: Mapping[str, Any]) -> type[Robot]:
    robot = document.get("robot")
    if robot is None:
        raise StepError(f'The step "{name}" names no robot.', code="ASSEMBLY_STEP_NO_ROBOT", step=name)
    if not isinstance(robot, str):
        raise StepError(
            f'The robot of the step "{name}" must be text.', code="ASSEMBLY_STEP_INVALID_ROBOT", step=name
        )
    if robot not in ROBOTS:
        raise StepError(
            f'The step "{name}" asks for {robot}, which this engine does not have. '
            + ABSENT.get(robot, f"It has {', '.join(ROBOTS)}."),
            code="ASSEMBLY_STEP_UNKNOWN_ROBOT",
            step=name,
        )
    if name == ORIGINAL_STEP and robot != UPLOAD_HANDLE:
        raise StepError(
            f'Only {UPLOAD_HANDLE} can be called ":original": rename the step.',
            code="INVALID_STEP_NAME",
            step=name,
        )
    if robot == UPLOAD_HANDLE and name != ORIGINAL_STEP:
        raise StepError(
            f'The step of {UPLOAD_HANDLE} must be called ":original", not "{name}".',
            code="INVALID_UPLOAD_HANDLE_STEP_NAME",
            step=name,
        )
    return robot_for(robot, document)


def _read_uses(name: str, raw: object) -> Uses:
    try:
        return read_uses(raw)
    except ValueError as error:
        raise StepError(
            f'"use" of the step "{name}": {error}.', code="ASSEMBLY_STEP_INVALID_USE", step=name
        ) from error


def _check_known_parameters(name: str, robot: type[Robot], raw: Mapping[str, Any]) -> Robot:
    """The robot with those parameters that hold no variables; the others keep their defaults."""
    own = robot.own_variables
    known = {key: value for key, value in raw.items() if key in own or not has_variables(value)}
    unknown_keys = raw.keys() - known.keys()
    try:
        return robot.model_validate(known)
    except ValidationError as error:
        # A parameter may be required, and wait for its variables all the same.
        details = [
            detail for detail in error.errors() if not detail["loc"] or detail["loc"][0] not in unknown_keys
        ]
        if details:
            raise _invalid(name, robot, details) from error
        return robot.model_construct(**known)


def _invalid(name: str, robot: type[Robot], errors: Iterable[Any]) -> StepError:
    """Error for the first of pydantic's complaints, which names the step and its parameter."""
    first = next(iter(errors))
    parameter = ".".join(str(part) for part in first["loc"][:2] if isinstance(part, str)) or "parameters"
    reason = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        reason = f"{robot.name} has no such parameter here"
    own_code = getattr(first.get("ctx", {}).get("error"), "code", None)
    code = own_code or robot.error_code("VALIDATION")
    return StepError(f'"{parameter}" of the step "{name}": {reason}.', code=code, step=name)


def _check_uses(steps: Mapping[str, Step]) -> None:
    for step in steps.values():
        for use in step.uses:
            if use.step not in steps:
                raise StepError(
                    f'The step "{step.name}" uses "{use.step}", which does not exist.',
                    code="ASSEMBLY_STEP_UNKNOWN_USE",
                    step=step.name,
                )
    uses = {name: [use.step for use in step.uses] for name, step in steps.items()}
    startable = set(dependency_order(uses))
    if blocked := [name for name in steps if name not in startable]:
        names = ", ".join(f'"{name}"' for name in blocked)
        raise StepError(
            f"These steps wait for each other and would never start: {names}.",
            code="ASSEMBLY_INFINITE",
            step=blocked[0],
        )
