"""Which files are what they are to be."""

from __future__ import annotations

from typing import Any

import pytest

from cattube_worker.instructions.steps import StepError, read_steps

from ...conftest import TestEngine

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\nstartxref\n9\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde"


def verified(engine: TestEngine, body: bytes, name: str, **parameters: Any) -> dict[str, Any]:
    """The status after a file of that name met the check."""
    steps = {"verified": {"robot": "/file/verify", "use": ":original", "result": True, **parameters}}
    assembly = engine.assembly(steps=steps)
    engine.upload(assembly, body, filename=name)
    engine.work()
    return engine.status(assembly)


@pytest.mark.parametrize(
    ("body", "name", "wanted", "passes"),
    [
        pytest.param(PDF, "cat.pdf", None, True, id="pdf-by-default"),
        pytest.param(PDF, "cat.jpg", "application/pdf", True, id="whatever-its-name"),
        pytest.param(b"meow", "cat.pdf", None, False, id="text-named-pdf"),
        pytest.param(PDF[:20], "cat.pdf", None, False, id="pdf-cut-off"),
        pytest.param(PNG, "cat.txt", "image", True, id="general-type"),
        pytest.param(PNG, "cat.png", "IMAGE/PNG", True, id="media-type"),
        pytest.param(PNG, "cat.png", "image/jpeg", False, id="another-media-type"),
        pytest.param(PNG[:20], "cat.png", "image", False, id="picture-without-its-head"),
        pytest.param(PDF, "cat.mp4", "video", False, id="pdf-named-mp4"),
        pytest.param(b"\0\1\2", "cat.png", "image", False, id="nothing-known"),
    ],
)
def test_f71_a_file_passes_by_its_bytes_and_not_by_its_name(
    engine: TestEngine, body: bytes, name: str, wanted: str | None, passes: bool
) -> None:
    status = verified(engine, body, name, **({} if wanted is None else {"verify_to_be": wanted}))

    assert status["ok"] == "ASSEMBLY_COMPLETED", status
    assert ("verified" in status["results"]) == passes


def test_f71_a_file_that_passes_stays_as_it_is(engine: TestEngine) -> None:
    (file,) = verified(engine, PDF, "cat.pdf")["results"]["verified"]

    assert (file["name"], file["mime"], file["type"]) == ("cat.pdf", "application/pdf", "pdf")
    assert engine.get(file["ssl_url"]).data == PDF


def test_f71_a_file_that_is_something_else_ends_the_assembly_where_that_is_asked_for(
    engine: TestEngine,
) -> None:
    status = verified(engine, b"meow", "cat.pdf", error_on_decline=True, error_msg="PDFs only.")

    assert (status["error"], status["message"], status["http_code"]) == (
        "FILE_VERIFY_INVALID_FILE", "PDFs only.", 400,
    )  # fmt: skip


@pytest.mark.parametrize("parameters", [{"verify_to_be": ""}, {"repair_pdf": True}])
def test_f71_a_check_that_cannot_be_made_is_refused_at_creation(parameters: dict[str, Any]) -> None:
    with pytest.raises(StepError, match='of the step "verified"') as caught:
        read_steps({"verified": {"robot": "/file/verify", **parameters}})

    assert caught.value.code == "FILE_VERIFY_VALIDATION"
