"""A robot is its file or folder and one line of the registry."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import cattube_worker
from cattube_worker.robots import ROBOTS, Robot
from cattube_worker.robots.shared.file_robot import FileRobot
from cattube_worker.robots.shared.filter_robot import FilterRobot
from cattube_worker.robots.shared.frame_robot import FrameRobot
from cattube_worker.robots.shared.import_robot import ImportRobot
from cattube_worker.robots.shared.store_robot import StoreRobot

PACKAGE = Path(cattube_worker.__file__).parent
KINDS = (FileRobot, FilterRobot, FrameRobot, ImportRobot, StoreRobot)


def imported_robots(path: Path) -> Iterator[str]:
    """The robots whose files a module imports, by the names of these files or folders."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cattube_worker.robots."):
            robot = str(node.module).split(".")[2]
            if robot != "shared":
                yield robot


def modules(*, within_robots: bool) -> list[Path]:
    robots = PACKAGE / "robots"
    paths = (path for path in PACKAGE.rglob("*.py") if path != robots / "__init__.py")
    return [path for path in paths if path.is_relative_to(robots) == within_robots]


def test_nothing_outside_of_robots_asks_which_robot_it_has() -> None:
    outside = {path: list(imported_robots(path)) for path in modules(within_robots=False)}

    assert {path: robots for path, robots in outside.items() if robots} == {}


def test_no_robot_needs_another() -> None:
    def own(path: Path) -> str:
        return path.relative_to(PACKAGE / "robots").parts[0].removesuffix(".py")

    foreign = {path: set(imported_robots(path)) - {own(path)} for path in modules(within_robots=True)}

    assert {path: robots for path, robots in foreign.items() if robots} == {}


@pytest.mark.parametrize("name", ROBOTS)
def test_a_robot_is_found_by_its_own_name(name: str) -> None:
    assert ROBOTS[name].name == name


@pytest.mark.parametrize("robot", [robot for name, robot in ROBOTS.items() if name != "/upload/handle"])
def test_each_robot_is_of_one_kind(robot: type[Robot]) -> None:
    assert sum(issubclass(robot, kind) for kind in KINDS) == 1
