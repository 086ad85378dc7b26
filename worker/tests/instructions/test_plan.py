from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.instructions.plan import Plan, compile_plan
from cattube_worker.instructions.steps import read_steps

TEMPLATE = Path(__file__).parents[3] / "contract" / "templates" / "cattube.json"


def plan(**steps: dict[str, Any]) -> Plan:
    return compile_plan(read_steps(steps))


def names(compiled: Plan) -> list[str]:
    return [node.name for node in compiled.nodes]


def encode(use: object = ":original", **parameters: Any) -> dict[str, Any]:
    return {"robot": "/video/encode", "use": use, **parameters}


def thumbs(use: object = ":original", **parameters: Any) -> dict[str, Any]:
    return {"robot": "/video/thumbs", "use": use, **parameters}


def sheet(use: object = "tiles", **parameters: Any) -> dict[str, Any]:
    grid = {"direction": "grid", "columns": 10, "cell_width": 160, "cell_height": 90}
    by_original = {"steps": use, "bundle_steps": True, "group_by_original": True}
    return {"robot": "/image/merge", "use": by_original, **grid, **parameters}


def store(use: object) -> dict[str, Any]:
    return {"robot": "/s3/store", "use": use, "credentials": "cattube"}


def test_our_template_is_what_people_wait_for_and_what_may_take_its_time() -> None:
    steps = json.loads(TEMPLATE.read_text())["steps"]

    compiled = compile_plan(read_steps(steps))

    awaited = [node for node in compiled.nodes if not node.is_batch]
    assert [node.name for node in awaited] == ["resized+watermarked+thumbnail+storyboard", "exported"]
    later = [node for node in compiled.nodes if node.is_batch]
    assert [node.name for node in later] == ["kept", "1080p+480p+360p", "hls", "streamed"]
    assert [use.step for use in later[1].uses] == [":original"]
    assert [node.name for node in compiled.nodes if node.passes_through] == ["kept", "exported", "streamed"]


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


def test_stills_that_become_a_sheet_are_made_with_the_video_and_not_one_by_one() -> None:
    compiled = plan(a=encode(), tiles=thumbs("a", count=100), board=sheet(result=True), kept=store("board"))

    assert names(compiled) == ["a+board", "kept"]
    _, board = compiled.nodes[0].steps
    assert board.params.result is True
    assert [use.step for use in board.uses] == ["a"]
    assert compiled.node_of("tiles") is None


def test_a_sheet_that_may_take_its_time_is_made_with_its_like() -> None:
    compiled = plan(a=encode(), tiles=thumbs("a", queue="batch"), board=sheet(queue="batch"))

    assert names(compiled) == ["a", "board"]
    assert compiled.node("board").is_batch


@pytest.mark.parametrize(
    ("stills", "merge"),
    [
        pytest.param({"offsets": ["10%"]}, {}, id="stills-of-other-moments"),
        pytest.param({"result": True}, {}, id="stills-that-are-results"),
        pytest.param({"user_meta": {"a": "b"}}, {}, id="stills-with-notes"),
        pytest.param({"queue": "batch"}, {}, id="stills-of-another-queue"),
        pytest.param({"ignore_errors": True}, {}, id="stills-that-may-fail"),
        pytest.param({"force_accept": True}, {}, id="stills-of-pictures"),
        pytest.param({"ffmpeg": {"vf": "negate"}}, {}, id="stills-with-filters"),
        pytest.param({"count": 999}, {}, id="more-stills-than-are-merged"),
        pytest.param({"count": "${fields.count}"}, {}, id="stills-that-wait-for-a-variable"),
        pytest.param({"use": {"steps": "a", "bundle_steps": True}}, {}, id="stills-of-a-bundle"),
        pytest.param({"use": ["a", ":original"]}, {}, id="stills-of-several-files"),
        pytest.param({}, {"direction": "horizontal"}, id="no-grid"),
        pytest.param({}, {"format": "webp"}, id="another-format"),
        pytest.param({}, {"cell_width": None}, id="cells-without-a-width"),
        pytest.param({"count": 21}, {"rows": 2}, id="too-few-cells"),
        pytest.param({}, {"cell_width": 9000, "cell_height": 9000}, id="too-large"),
        pytest.param({}, {"ignore_errors": ["execute"]}, id="sheet-that-may-fail"),
        pytest.param({}, {"background": "${fields.color}"}, id="sheet-that-waits-for-a-variable"),
        pytest.param({}, {"use": {"steps": "tiles", "bundle_steps": True}}, id="sheet-of-several-videos"),
        pytest.param({}, {"use": ["tiles", "a"]}, id="sheet-of-other-pictures-too"),
        pytest.param({}, {"use": "tiles"}, id="sheet-of-each-picture"),
    ],
)
def test_a_sheet_that_would_be_another_is_made_of_stills(
    stills: dict[str, Any], merge: dict[str, Any]
) -> None:
    use = stills.pop("use", "a")

    compiled = plan(a=encode(), tiles=thumbs(use, **stills), board=sheet() | merge)

    assert compiled.node("board").steps[0].robot == "/image/merge"
    assert compiled.node_of("tiles") is not None


def test_stills_that_somebody_else_uses_are_made() -> None:
    assert names(plan(a=encode(), tiles=thumbs("a"), board=sheet(), kept=store("tiles"))) == [
        "a+tiles",
        "board",
        "kept",
    ]
