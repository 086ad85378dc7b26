"""Which files a filter lets pass."""

from __future__ import annotations

import time
from typing import Any

import pytest

from cattube_worker.instructions.steps import StepError, read_steps

from ...conftest import TestEngine


def filtered(
    engine: TestEngine, *, body: bytes = b"meow", fields: Any = None, **parameters: Any
) -> dict[str, Any]:
    """The status after a text of four bytes met the filter."""
    steps = {"passed": {"robot": "/file/filter", "use": ":original", "result": True, **parameters}}
    assembly = engine.assembly(steps=steps, fields=fields or {})
    engine.upload(assembly, body, filename="Cat.txt")
    engine.work()
    return engine.status(assembly)


@pytest.mark.parametrize(
    ("left", "operator", "right", "passes"),
    [
        ("${file.mime}", "=", "text/plain", True),
        ("${file.mime}", "==", "video/mp4", False),
        ("${file.size}", "==", "4", True),
        ("${file.size}", "===", 4, True),
        ("${file.size}", "===", "4", False),
        ("${file.size}", "!=", "4", False),
        ("${file.size}", "!==", "4", True),
        ("${file.size}", "<", "20mb", True),
        ("${file.size}", ">", "1kb", False),
        ("${file.size}", "<=", 4, True),
        ("0.00390625 KiB", ">=", "${file.size}", True),
        ("${file.ext}", "<", 5, False),
        ("${file.name}", "regex", "^cat\\.(txt|md)$", True),
        ("${file.name}", "!regex", "dog", True),
        ("${file.name}", "includes", "at.t", True),
        ("${fields.tags}", "includes", "kitten", True),
        ("${fields.tags}", "!includes", "puppy", True),
        ("${file.meta.width}", "empty", "", True),
        ("${file.meta.width}", "=", "", True),
        ("${fields.tags}", "!empty", "", True),
        ("${file.size * 2}", ">", 7, True),
    ],
)
def test_a_condition_decides(engine: TestEngine, left: Any, operator: str, right: Any, passes: bool) -> None:
    status = filtered(engine, accepts=[[left, operator, right]], fields={"tags": ["cat", "kitten"]})

    assert status["ok"] == "ASSEMBLY_COMPLETED", status
    assert ("passed" in status["results"]) == passes


YES, NO = ["${file.size}", "=", 4], ["${file.size}", "=", 5]


@pytest.mark.parametrize(
    ("parameters", "passes"),
    [
        pytest.param({}, True, id="no-conditions"),
        pytest.param({"accepts": None, "declines": None}, True, id="null"),
        pytest.param({"accepts": []}, False, id="an-empty-list-accepts-nothing"),
        pytest.param({"declines": []}, True, id="an-empty-list-declines-nothing"),
        pytest.param({"accepts": [NO, YES]}, True, id="or"),
        pytest.param({"accepts": [NO, YES], "condition_type": "and"}, False, id="and"),
        pytest.param({"accepts": [YES], "declines": [YES]}, False, id="declines-win"),
        pytest.param({"declines": [NO, YES], "condition_type": "and"}, True, id="declines-and"),
        pytest.param({"accepts": "${file.size == 4 && !file.meta.width}"}, True, id="expression"),
        pytest.param({"declines": "${file.ext === 'txt'}"}, False, id="declining-expression"),
    ],
)
def test_conditions_together_decide(engine: TestEngine, parameters: dict[str, Any], passes: bool) -> None:
    status = filtered(engine, **parameters)

    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert bool(status["results"]) == passes


def test_a_file_passes_as_it_is(engine: TestEngine) -> None:
    status = filtered(engine)

    (file,), (upload,) = status["results"]["passed"], status["uploads"]
    assert (file["name"], file["md5hash"], file["original_id"]) == (
        "Cat.txt",
        upload["md5hash"],
        upload["id"],
    )
    assert engine.get(file["ssl_url"]).data == b"meow"
    assert engine.get(upload["ssl_url"]).data == b"meow"


def test_what_passed_is_used_by_the_next_step_alone(engine: TestEngine) -> None:
    assembly = engine.assembly(
        expected=2,
        steps={
            "small": {"robot": "/file/filter", "use": ":original", "accepts": [["${file.size}", "<", 5]]},
            "kept": {
                "robot": "/s3/store", "use": "small", "credentials": "cattube",
                "path": "${previous_step.name}/${file.name}",
            },
        },
    )  # fmt: skip
    engine.upload(assembly, b"meow", filename="small.txt")
    engine.upload(assembly, b"meow meow", filename="large.txt")
    engine.work()

    status = engine.status(assembly)
    assert [file["name"] for file in status["results"]["small"]] == ["small.txt"]
    assert (engine.settings.bucket_dir / "small" / "small.txt").read_bytes() == b"meow"


def test_a_declined_file_ends_the_assembly_when_that_is_asked_for(engine: TestEngine) -> None:
    status = filtered(engine, accepts=[], error_on_decline=True, error_msg="Cats only.")

    assert (status["error"], status["message"], status["http_code"]) == (
        "FILE_FILTER_DECLINED_FILE", "Cats only.", 400,
    )  # fmt: skip


def test_a_pattern_out_of_a_field_is_checked_like_any_other(engine: TestEngine) -> None:
    status = filtered(
        engine, accepts=[["${file.name}", "regex", "^${fields.pattern}"]], fields={"pattern": "(?=a)"}
    )

    assert status["error"] == "FILE_FILTER_VALIDATION"
    assert 'The filter "passed"' in status["message"]


def test_w41_a_pattern_with_many_repeats_holds_nobody_up(engine: TestEngine) -> None:
    start = time.process_time()

    status = filtered(
        engine,
        accepts=[["${fields.text}", "regex", "a*a*a*a*a*a*a*a*a*b"]],
        fields={"text": "a" * 4000},
    )

    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("accepts", "code"),
    [
        pytest.param("always", "FILE_FILTER_VALIDATION", id="plain-text"),
        pytest.param([["a", "~", "b"]], "FILE_FILTER_INVALID_OPERATOR", id="unknown-operator"),
        pytest.param([["a", "="]], "FILE_FILTER_VALIDATION", id="two-parts"),
        pytest.param([["a", "regex", "("]], "FILE_FILTER_VALIDATION", id="broken-pattern"),
        pytest.param([["a", "regex", "(?<=a)b"]], "FILE_FILTER_VALIDATION", id="look-behind"),
        pytest.param([["a", "!regex", "(a)\\1"]], "FILE_FILTER_VALIDATION", id="back-reference"),
        pytest.param([["a", "regex", ["a"]]], "FILE_FILTER_VALIDATION", id="no-text"),
        pytest.param([["a", "regex", "x" * 201]], "FILE_FILTER_VALIDATION", id="long-pattern"),
    ],
)
def test_a_filter_that_cannot_decide_is_refused_at_once(accepts: Any, code: str) -> None:
    with pytest.raises(StepError) as caught:
        read_steps({"a": {"robot": "/file/filter", "accepts": accepts}})

    assert caught.value.code == code
    assert 'of the step "a"' in str(caught.value)
