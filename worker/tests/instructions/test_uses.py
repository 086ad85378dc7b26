"""The "use" of a step in all its spellings, and the inputs that follow from it."""

from __future__ import annotations

from typing import Any

import pytest

from cattube_worker.instructions.steps import StepError, read_steps
from cattube_worker.instructions.uses import Use, Uses, read_uses

from ..conftest import TestEngine

A, B = Use(step="a"), Use(step="b")


@pytest.mark.parametrize(
    ("raw", "uses"),
    [
        pytest.param(None, Uses(uses=(Use(step=":original"),)), id="nothing"),
        pytest.param("a", Uses(uses=(A,)), id="name"),
        pytest.param(["a", "b"], Uses(uses=(A, B)), id="names"),
        pytest.param({"steps": "a"}, Uses(uses=(A,)), id="steps"),
        pytest.param({"steps": ["a"], "bundle_steps": True}, Uses(uses=(A,), is_bundle=True), id="bundle"),
        pytest.param({"steps": ["a"], "bundle_steps": "false"}, Uses(uses=(A,)), id="no-bundle"),
        pytest.param(
            {"steps": ["a", "b"], "group_by_original": True},
            Uses(uses=(A, B), is_bundle=True, group_by_original=True),
            id="groups",
        ),
        pytest.param(
            {"name": "a", "fields": "clip"}, Uses(uses=(Use(step="a", fields=("clip",)),)), id="field-of-one"
        ),
        pytest.param(
            {"steps": ["a", {"name": "b", "fields": ["x"]}], "fields": ["y"]},
            Uses(uses=(Use(step="a", fields=("y",)), Use(step="b", fields=("x",)))),
            id="fields-of-those-without",
        ),
        pytest.param(
            [{"name": "a", "as": "video_1"}, {"name": "b", "as": "audio"}],
            Uses(uses=(Use(step="a", role="video_1"), Use(step="b", role="audio")), is_bundle=True),
            id="roles-belong-together",
        ),
        pytest.param(
            [{"name": "a", "as": "video"}, "b"],
            Uses(uses=(Use(step="a", role="video"), B)),
            id="one-role-alone-does-not",
        ),
    ],
)
def test_use_is_read_in_all_its_spellings(raw: object, uses: Uses) -> None:
    assert read_uses(raw) == uses


@pytest.mark.parametrize(
    "raw", [[], 5, "", {"steps": []}, {"steps": [{"as": "x"}]}, [{"name": "a", "as": 5}], [{"name": ""}]]
)
def test_t14_use_without_a_step_is_refused(raw: object) -> None:
    with pytest.raises(StepError) as caught:
        read_steps({"a": {"robot": "/file/filter"}, "b": {"robot": "/file/filter", "use": raw}})

    assert caught.value.code == "ASSEMBLY_STEP_INVALID_USE"


def basenames_passed(engine: TestEngine, use: object, *names: str) -> list[str]:
    """Names of the files that a filter with this "use" gets; each file comes in a form field of its name."""
    steps: dict[str, Any] = {"filtered": {"robot": "/file/filter", "use": use}}
    assembly = engine.assembly(steps=steps, expected=len(names))
    for name in names:
        engine.upload(assembly, name.encode(), filename=f"{name}.txt", fieldname=name)
    engine.work()
    status = engine.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    return sorted(file["basename"] for file in status["results"].get("filtered", []))


def test_step_uses_files_of_its_form_fields_only(engine: TestEngine) -> None:
    assert basenames_passed(engine, {"steps": [":original"], "fields": ["a", "c"]}, "a", "b", "c") == [
        "a",
        "c",
    ]


def test_step_may_use_another_twice_in_different_roles(engine: TestEngine) -> None:
    use = [
        {"name": ":original", "fields": "a", "as": "base"},
        {"name": ":original", "fields": "b", "as": "watermark"},
    ]

    assert basenames_passed(engine, use, "a", "b", "c") == ["a", "b"]
