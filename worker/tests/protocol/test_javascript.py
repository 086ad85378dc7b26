from __future__ import annotations

from typing import Any

import pytest

from cattube_worker.protocol.javascript import (
    as_finite_number,
    as_number,
    as_text,
    loosely_equal,
    strictly_equal,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [(320.0, "320"), (0.5, "0.5"), (True, "true"), (None, ""), ([1], ""), ("x", "x"), (1e300, "1e+300")],
)
def test_value_as_a_text(value: Any, text: str) -> None:
    assert as_text(value) == text


@pytest.mark.parametrize(
    ("value", "number", "finite"),
    [
        pytest.param(3, 3.0, 3.0, id="number"),
        pytest.param("3.5", 3.5, 3.5, id="text"),
        pytest.param(True, 1.0, 1.0, id="true"),
        pytest.param(10**400, None, None, id="beyond-every-number"),
        pytest.param("Infinity", float("inf"), None, id="infinite-text"),
        pytest.param("", None, None, id="empty-text"),
        pytest.param("wide", None, None, id="word"),
        pytest.param(None, None, None, id="nothing"),
        pytest.param([1], None, None, id="list"),
    ],
)
def test_value_as_a_number(value: Any, number: float | None, finite: float | None) -> None:
    assert as_number(value) == number
    assert as_finite_number(value) == finite


@pytest.mark.parametrize(
    ("one", "other", "loosely", "strictly"),
    [
        pytest.param(640, "640", True, False, id="number-and-its-text"),
        pytest.param(640, 640.0, True, True, id="numbers"),
        pytest.param("a", "a", True, True, id="texts"),
        pytest.param(None, "", True, True, id="nothing-and-empty-text"),
        pytest.param(0, "", False, False, id="zero-and-empty-text"),
        pytest.param(True, 1, True, False, id="true-and-one"),
        pytest.param(True, True, True, True, id="true"),
        pytest.param([1], [1], True, True, id="lists"),
        pytest.param("wide", 5, False, False, id="word-and-number"),
    ],
)
def test_equality_of_both_kinds(one: Any, other: Any, loosely: bool, strictly: bool) -> None:
    assert loosely_equal(one, other) is loosely
    assert strictly_equal(one, other) is strictly
