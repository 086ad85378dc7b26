from __future__ import annotations

from typing import Any

import pytest

from .plans import encode, names, plan, store, thumbs


def file_filter(use: object = ":original", **parameters: Any) -> dict[str, Any]:
    wide = [["${file.meta.width}", ">", "640"]]
    return {"robot": "/file/filter", "use": use, "accepts": wide, **parameters}


def test_filters_before_sizes_do_not_split_a_node() -> None:
    compiled = plan(
        wide=file_filter(), a=encode("wide"), wider=file_filter("wide"), b=encode("wider"), c=encode()
    )

    (node,) = compiled.nodes
    assert [step.name for step in node.steps] == ["c", "a", "b"]
    assert [step.name for step in node.filters] == ["wide", "wider"]
    assert [use.step for use in node.uses] == [":original"]
    assert compiled.node_of("wider") is node


@pytest.mark.parametrize(
    ("passing", "expected"),
    [
        pytest.param({"wide", "wider"}, ["c", "a", "of a", "b"], id="all"),
        pytest.param({"wide"}, ["c", "a", "of a"], id="first-filter-alone"),
        pytest.param({"wider"}, ["c"], id="filter-after-one-that-declines"),
    ],
)
def test_steps_after_a_filter_that_declines_are_left_out(passing: set[str], expected: list[str]) -> None:
    steps = {"wide": file_filter(), "a": encode("wide"), "wider": file_filter("wide"), "b": encode("wider")}
    (node,) = plan(**steps, c=encode(), **{"of a": thumbs("a")}).nodes

    reached = node.steps_for(lambda step: step.name in passing)

    assert sorted(step.name for step in reached) == sorted(expected)


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param({"wide": file_filter(result=True), "a": encode("wide")}, id="result"),
        pytest.param({"wide": file_filter(), "a": encode("wide"), "kept": store("wide")}, id="stored"),
        pytest.param(
            {"wide": file_filter(error_on_decline=True), "a": encode("wide")}, id="error-on-decline"
        ),
        pytest.param({"wide": file_filter(ignore_errors=True), "a": encode("wide")}, id="ignored-errors"),
        pytest.param({"wide": file_filter(user_meta={"cat": "wide"}), "a": encode("wide")}, id="user-meta"),
        pytest.param(
            {"wide": file_filter(), "a": encode("wide", width="${file.meta.width}")},
            id="follower-with-variables",
        ),
    ],
)
def test_filter_whose_files_are_seen_is_a_node_of_its_own(steps: dict[str, Any]) -> None:
    assert "wide" in names(plan(**steps))
