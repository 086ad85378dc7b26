from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.assemblies.plan import Plan, compile_plan
from cattube_worker.assemblies.steps import read_steps

TEMPLATE = Path(__file__).parents[3] / "contract" / "templates" / "cattube.json"


def plan(**steps: dict[str, Any]) -> Plan:
    return compile_plan(read_steps(steps))


def names(compiled: Plan) -> list[str]:
    return [node.name for node in compiled.nodes]


def encode(use: object = ":original", **parameters: Any) -> dict[str, Any]:
    return {"robot": "/video/encode", "use": use, **parameters}


def thumbs(use: object = ":original", **parameters: Any) -> dict[str, Any]:
    return {"robot": "/video/thumbs", "use": use, **parameters}


def store(use: object) -> dict[str, Any]:
    return {"robot": "/s3/store", "use": use, "credentials": "cattube"}


def test_our_template_is_one_process_and_one_store() -> None:
    steps = json.loads(TEMPLATE.read_text())["steps"]

    compiled = compile_plan(read_steps(steps))

    assert names(compiled) == ["resized+watermarked+thumbnail", "exported"]
    made, exported = compiled.nodes
    assert [use.step for use in made.uses] == [":original"]
    assert exported.passes_through
    assert not made.passes_through


def test_sizes_of_the_same_upload_share_its_decoding() -> None:
    assert names(plan(small=encode(width=2), large=encode(width=4), still=thumbs())) == ["small+large+still"]


def test_a_stored_step_in_between_does_not_part_a_group() -> None:
    assert names(plan(a=encode(), kept=store("a"), b=encode("a"))) == ["a+b", "kept"]


def test_the_order_follows_the_uses_not_the_writing() -> None:
    compiled = plan(kept=store("b"), b=thumbs("a"), a=encode())

    assert names(compiled) == ["a+b", "kept"]
    assert [step.name for step in compiled.nodes[0].steps] == ["a", "b"]


def test_what_needs_the_finished_file_is_a_node_of_its_own() -> None:
    assert names(plan(a=encode(), b=encode("a", width="${file.meta.width}"))) == ["a", "b"]


def test_a_step_fed_by_several_steps_is_a_node_of_its_own() -> None:
    assert names(plan(a=encode(), b=encode(["a", ":original"]))) == ["a", "b"]


def test_pictures_give_no_frames_to_later_steps() -> None:
    assert names(plan(a=thumbs(), b=thumbs("a"))) == ["a", "b"]


def test_a_step_that_may_fail_fails_alone() -> None:
    compiled = plan(a=encode(), b=encode(ignore_errors=True), c=thumbs())

    assert names(compiled) == ["a+c", "b"]
    assert compiled.node("b").may_fail
    assert not compiled.node("a+c").may_fail


def test_uploads_of_one_form_field_are_not_mixed_with_others() -> None:
    assert names(plan(a=encode(), b=encode({"steps": [":original"], "fields": ["clip"]}))) == ["a", "b"]


def test_without_fusing_every_step_is_a_node() -> None:
    steps = read_steps({"a": encode(), "b": thumbs("a")})

    assert names(compile_plan(steps, may_fuse=False)) == ["a", "b"]


def test_uploads_alone_are_a_legal_plan() -> None:
    compiled = compile_plan(read_steps({":original": {"robot": "/upload/handle"}}))

    assert compiled.nodes == ()
    assert compiled.node_of(":original") is None


def only_if(use: object = ":original", **parameters: Any) -> dict[str, Any]:
    wide = [["${file.meta.width}", ">", "640"]]
    return {"robot": "/file/filter", "use": use, "accepts": wide, **parameters}


def test_filters_in_front_of_sizes_part_no_group() -> None:
    compiled = plan(wide=only_if(), a=encode("wide"), wider=only_if("wide"), b=encode("wider"), c=encode())

    (node,) = compiled.nodes
    assert [step.name for step in node.steps] == ["c", "a", "b"]
    assert [step.name for step in node.filters] == ["wide", "wider"]
    assert [use.step for use in node.uses] == [":original"]
    assert compiled.node_of("wider") is node


@pytest.mark.parametrize(
    ("passing", "made"),
    [
        pytest.param({"wide", "wider"}, ["c", "a", "of a", "b"], id="all"),
        pytest.param({"wide"}, ["c", "a", "of a"], id="the-first-filter-alone"),
        pytest.param({"wider"}, ["c"], id="what-a-filter-declines-is-not-asked-about-again"),
    ],
)
def test_steps_behind_a_filter_that_declines_are_left_out(passing: set[str], made: list[str]) -> None:
    steps = {"wide": only_if(), "a": encode("wide"), "wider": only_if("wide"), "b": encode("wider")}
    (node,) = plan(**steps, c=encode(), **{"of a": thumbs("a")}).nodes

    found = node.steps_for(lambda step: step.name in passing)

    assert sorted(step.name for step in found) == sorted(made)


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param({"wide": only_if(result=True), "a": encode("wide")}, id="its-files-are-asked-for"),
        pytest.param({"wide": only_if(), "a": encode("wide"), "kept": store("wide")}, id="they-are-stored"),
        pytest.param({"wide": only_if(error_on_decline=True), "a": encode("wide")}, id="it-may-end-all"),
        pytest.param({"wide": only_if(ignore_errors=True), "a": encode("wide")}, id="it-may-fail"),
        pytest.param({"wide": only_if(user_meta={"cat": "wide"}), "a": encode("wide")}, id="it-adds-facts"),
        pytest.param(
            {"wide": only_if(), "a": encode("wide", width="${file.meta.width}")}, id="variables-of-its-files"
        ),
    ],
)
def test_filter_that_somebody_sees_is_a_node_of_its_own(steps: dict[str, Any]) -> None:
    assert "wide" in names(plan(**steps))


def test_what_may_take_its_time_shares_only_with_its_like() -> None:
    compiled = plan(
        now=encode(), still=thumbs("now"), later=encode("now", queue="batch"), last=encode(queue="batch")
    )

    assert names(compiled) == ["now+still", "last", "later"]
    assert [node.is_batch for node in compiled.nodes] == [False, True, True]
