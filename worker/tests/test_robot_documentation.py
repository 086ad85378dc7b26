"""docs/robots.md is complete and true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.instructions.steps import StepError, read_steps
from cattube_worker.robots import ROBOTS, Robot

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "robots.md").read_text()
BASE = "Every robot"
# What every step must say, or a step of that robot.
NEEDED: dict[str, dict[str, Any]] = {
    "/http/import": {"url": "https://example.com/cat.mp4"},
    "/s3/import": {"path": "cat.mp4"},
    "/backblaze/import": {"path": "cat.mp4"},
}


def documented(section: str) -> dict[str, str]:
    """What the page says of each parameter in the table of that section."""
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    assert text, f"there is no section {section}"
    return dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", text, re.MULTILINE))


def known(robot: type[Robot]) -> set[str]:
    """The parameters a robot takes, by the names that a step gives them."""
    return {field.alias or name for name, field in robot.model_fields.items()}


def step_of(robot: str, **parameters: Any) -> dict[str, Any]:
    name = ":original" if robot == "/upload/handle" else "made"
    return {name: {"robot": robot, **NEEDED.get(robot, {}), **parameters}}


@pytest.mark.parametrize("section", [BASE, *ROBOTS])
def test_each_row_says_what_becomes_of_a_parameter(section: str) -> None:
    for parameter, meaning in documented(section).items():
        assert re.match(r"(honoured|differs: |no effect: |refused: )", meaning), parameter


def test_what_every_step_takes_is_documented() -> None:
    assert set(documented(BASE)) == known(Robot) | {"robot", "use"}


@pytest.mark.parametrize("robot", ROBOTS)
def test_every_parameter_a_robot_takes_is_documented(robot: str) -> None:
    assert known(ROBOTS[robot]) - known(Robot) <= set(documented(robot))


@pytest.mark.parametrize(
    ("robot", "parameter", "meaning"),
    [(robot, *row) for robot in ROBOTS for row in documented(robot).items()],
)
def test_a_parameter_is_refused_exactly_where_the_page_says_so(
    robot: str, parameter: str, meaning: str
) -> None:
    if meaning.startswith("refused"):
        with pytest.raises(StepError, match=f'"{parameter}" of the step'):
            read_steps(step_of(robot, **{parameter: True}))
    else:
        # Any value is fine for a variable: it is looked at when it is known.
        value = "${segment_number}" if parameter == "segment_name" else "${fields.x}"
        read_steps(step_of(robot, **{parameter: value}))


@pytest.mark.parametrize("robot", ROBOTS)
def test_m22_a_parameter_that_no_robot_has_is_refused(robot: str) -> None:
    with pytest.raises(StepError, match='"smell" of the step') as caught:
        read_steps(step_of(robot, smell="fish"))

    assert caught.value.code == robot.strip("/").replace("/", "_").upper() + "_VALIDATION"
