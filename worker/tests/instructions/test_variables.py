from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.variables import Scope, TooMuchText, interpolate, interpolate_parameters

FILE = AssemblyFile(
    id="f" * 32, step="resized", path=Path("x"), name="My cat.mp4", basename="My cat", ext="mp4",
    size_bytes=7, mime="video/mp4", type="video", md5hash="aa", field="clip", original_id="e" * 32,
    original_name="../Katze.mov", original_basename="Katze", original_path="/a/b/", original_md5hash="bb",
    meta={"width": 320}, user_meta={"album": "cats"},
)  # fmt: skip
SCOPE = Scope(
    assembly_id="a" * 32, region="home", fields={"user": {"id": 5}, "public": True}, previous_step="resized",
    file=FILE, now_ms=1234,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${assembly.id}", "a" * 32),
        ("${assembly.region}", "home"),
        ("${previous_step.name}/${file.url_name}", "resized/My-cat.mp4"),
        ("${file.name}", "My cat.mp4"),
        ("${file.url_basename}.${file.ext}", "My-cat.mp4"),
        ("${file.size}", "7"),
        ("${file.meta.width}x", "320x"),
        ("${file.user_meta.album}", "cats"),
        ("${file.original_name}", ".._Katze.mov"),
        ("${file.original_path}", "/a/b/"),
        ("${fields.user.id}", "5"),
        ("${fields.public}", "true"),
        ("${Date.now()}", "1234"),
        ("no variable", "no variable"),
    ],
)
def test_variables_are_filled_in(text: str, value: str) -> None:
    assert interpolate(text, SCOPE) == value


@pytest.mark.parametrize(
    "text",
    [
        "${file.nothing}",
        "${file.meta.nothing.deeper}",
        "${file.__class__}",
        "${file.path}",
        "${fields.user}",
        "${fields.user.id.more}",
        "${assembly.parent_id}",
        "${process.env}",
        "${require('fs')}",
        "${}",
    ],
)
def test_missing_or_unknown_variable_is_empty(text: str) -> None:
    assert interpolate(text, SCOPE) == ""


def test_prefix_is_the_same_for_every_attempt_and_unique_to_a_file() -> None:
    prefix = interpolate("${unique_prefix}", SCOPE)

    assert len(prefix) == 33
    assert prefix[2] == "/"
    assert prefix == interpolate("${unique_prefix}", SCOPE)
    assert prefix != interpolate("${unique_original_prefix}", SCOPE)


def test_variables_are_filled_in_at_any_depth() -> None:
    assert interpolate({"a": ["${file.ext}", 3, {"b": "${fields.public}"}]}, SCOPE) == {
        "a": ["mp4", 3, {"b": "true"}]
    }


@pytest.mark.parametrize(
    ("allowed", "value"),
    [(True, "mp4"), (False, "${file.ext}"), ({"path": False}, "${file.ext}"), ({"other": False}, "mp4")],
)
def test_step_may_ask_not_to_be_interpolated(allowed: Any, value: str) -> None:
    parameters = {"path": "${file.ext}", "interpolate": allowed}

    assert interpolate_parameters(parameters, SCOPE)["path"] == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${file.meta.width / 2}", "160"),
        ("${Math.min(file.meta.width, 100)}px", "100px"),
        ("${file.meta.height || 'none'}", "none"),
        ("${fields.public ? 'open' : 'shut'}", "open"),
    ],
)
def test_variables_may_be_part_of_expressions(text: str, value: str) -> None:
    assert interpolate(text, SCOPE) == value


def test_step_may_ask_for_one_member_not_to_be_interpolated() -> None:
    parameters = {"ffmpeg": {"vf": "${file.ext}", "t": "${file.ext}"}, "interpolate": {"ffmpeg.vf": False}}

    assert interpolate_parameters(parameters, SCOPE)["ffmpeg"] == {"vf": "${file.ext}", "t": "mp4"}


@pytest.mark.parametrize(
    "text", ["${fields.long}" * 5, ["${fields.long}"] * 5, {"a": ["${fields.long}"] * 5}]
)
def test_w42_a_long_field_named_again_and_again_is_refused_before_it_fills_the_memory(text: Any) -> None:
    scope = replace(SCOPE, fields={"long": "x" * 250_000})

    with pytest.raises(TooMuchText) as caught:
        interpolate_parameters({"path": text}, scope)

    assert caught.value.status == 400


def test_w42_an_expression_that_adds_a_long_field_to_itself_has_no_value() -> None:
    scope = replace(SCOPE, fields={"long": "x" * 250_000})

    assert interpolate("${fields.long + fields.long + fields.long + fields.long + fields.long}", scope) == ""
