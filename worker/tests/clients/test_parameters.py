"""docs/robots.md names every parameter that the SDK knows of our robots."""

from __future__ import annotations

import pytest

from cattube_worker.robots import ROBOTS

from ..test_robot_documentation import BASE, documented
from .conftest import NodeSdk


@pytest.mark.parametrize("robot", ROBOTS)
def test_every_parameter_of_the_sdk_is_honoured_or_refused_in_words(sdk: NodeSdk, robot: str) -> None:
    known = set(sdk.call("parameters", {"robot": robot}))

    assert len(known) > 5
    assert known - set(documented(BASE)) <= set(documented(robot))
