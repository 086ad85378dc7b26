from __future__ import annotations

from typing import Any

import pytest

from .plans import encode, names, plan, store, thumbs


def sheet(use: object = "tiles", **parameters: Any) -> dict[str, Any]:
    grid = {"direction": "grid", "columns": 10, "cell_width": 160, "cell_height": 90}
    by_original = {"steps": use, "bundle_steps": True, "group_by_original": True}
    return {"robot": "/image/merge", "use": by_original, **grid, **parameters}


def test_sprite_sheet_is_made_with_the_video_without_stills() -> None:
    compiled = plan(a=encode(), tiles=thumbs("a", count=100), board=sheet(result=True), kept=store("board"))

    assert names(compiled) == ["a+board", "kept"]
    _, board = compiled.nodes[0].steps
    assert board.params.result is True
    assert [use.step for use in board.uses] == ["a"]
    assert compiled.node_of("tiles") is None


def test_batch_sprite_sheet_is_a_batch_node() -> None:
    compiled = plan(a=encode(), tiles=thumbs("a", queue="batch"), board=sheet(queue="batch"))

    assert names(compiled) == ["a", "board"]
    assert compiled.node("board").is_batch


@pytest.mark.parametrize(
    ("stills", "merge"),
    [
        pytest.param({"offsets": ["10%"]}, {}, id="stills-at-offsets"),
        pytest.param({"result": True}, {}, id="stills-that-are-results"),
        pytest.param({"user_meta": {"a": "b"}}, {}, id="stills-with-user-meta"),
        pytest.param({"queue": "batch"}, {}, id="stills-of-another-queue"),
        pytest.param({"ignore_errors": True}, {}, id="stills-that-may-fail"),
        pytest.param({"force_accept": True}, {}, id="stills-of-images"),
        pytest.param({"ffmpeg": {"vf": "negate"}}, {}, id="stills-with-filters"),
        pytest.param({"count": 999}, {}, id="more-stills-than-are-merged"),
        pytest.param({"count": "${fields.count}"}, {}, id="stills-with-variables"),
        pytest.param({"use": {"steps": "a", "bundle_steps": True}}, {}, id="stills-of-a-bundle"),
        pytest.param({"use": ["a", ":original"]}, {}, id="stills-of-several-files"),
        pytest.param({}, {"direction": "horizontal"}, id="no-grid"),
        pytest.param({}, {"format": "webp"}, id="another-format"),
        pytest.param({}, {"cell_width": None}, id="cells-without-a-width"),
        pytest.param({"count": 21}, {"rows": 2}, id="too-few-cells"),
        pytest.param({}, {"cell_width": 9000, "cell_height": 9000}, id="too-large"),
        pytest.param({}, {"ignore_errors": ["execute"]}, id="sheet-that-may-fail"),
        pytest.param({}, {"background": "${fields.color}"}, id="sheet-with-variables"),
        pytest.param({}, {"use": {"steps": "tiles", "bundle_steps": True}}, id="sheet-of-several-videos"),
        pytest.param({}, {"use": ["tiles", "a"]}, id="sheet-of-other-images-too"),
        pytest.param({}, {"use": "tiles"}, id="sheet-of-each-image"),
    ],
)
def test_sprite_sheet_that_would_differ_is_merged_from_stills(
    stills: dict[str, Any], merge: dict[str, Any]
) -> None:
    use = stills.pop("use", "a")

    compiled = plan(a=encode(), tiles=thumbs(use, **stills), board=sheet() | merge)

    assert compiled.node("board").steps[0].robot == "/image/merge"
    assert compiled.node_of("tiles") is not None


def test_stills_that_another_step_uses_are_made() -> None:
    assert names(plan(a=encode(), tiles=thumbs("a"), board=sheet(), kept=store("tiles"))) == [
        "a+tiles",
        "board",
        "kept",
    ]
