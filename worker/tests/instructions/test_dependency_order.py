from __future__ import annotations

import pytest

from cattube_worker.instructions.dependency_order import dependency_levels, dependency_order


@pytest.mark.parametrize(
    ("graph", "levels"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param({"b": (), "a": ()}, [["b", "a"]], id="as-written-within-a-level"),
        pytest.param({"c": ("b",), "b": ("a",), "a": ()}, [["a"], ["b"], ["c"]], id="chain"),
        pytest.param(
            {"d": ("a", "b"), "c": ("a",), "b": (), "a": ()}, [["b", "a"], ["d", "c"]], id="level-by-level"
        ),
        pytest.param({"a": (":original",)}, [["a"]], id="what-is-no-key-does-not-count"),
        pytest.param(
            {"a": (), "b": ("c",), "c": ("b",), "d": ("c",), "e": ("a",)}, [["a"], ["e"]], id="cycle"
        ),
        pytest.param({"a": ("a",)}, [], id="itself"),
    ],
)
def test_names_come_after_those_they_depend_on(
    graph: dict[str, tuple[str, ...]], levels: list[list[str]]
) -> None:
    assert list(dependency_levels(graph)) == levels
    assert dependency_order(graph) == [name for level in levels for name in level]
