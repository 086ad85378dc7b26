"""What the step ":original" says about uploads, and errors of the phase "meta"."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import pytest

from ...conftest import TestEngine

UPLOAD: dict[str, Any] = {"robot": "/upload/handle"}


def png() -> bytes:
    """A red pixel."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


# It says its size, and has no pixels.
BROKEN = png()[:33]


def uploaded(engine: TestEngine, body: bytes | None = None, **parameters: Any) -> dict[str, Any]:
    assembly = engine.assembly(steps={":original": {**UPLOAD, **parameters}}, fields={"owner": "alice"})
    engine.upload(assembly, body or png(), filename="cat.png", colour="red")
    engine.work()
    return engine.status(assembly)


def test_uploads_are_described_as_their_step_asks(engine: TestEngine) -> None:
    (upload,) = uploaded(
        engine,
        user_meta={"of": "${fields.owner}", "size": "${result.meta.width}x${file.meta.height}"},
    )["uploads"]

    assert upload["user_meta"] == {"colour": "red", "of": "alice", "size": "1x1"}


def test_metadata_of_uploads_may_be_left_out(engine: TestEngine) -> None:
    assert uploaded(engine)["uploads"][0]["meta"]["width"] == 1
    assert uploaded(engine, output_meta=False)["uploads"][0]["meta"] == {}


@pytest.mark.parametrize("ignored", [[], False, ["execute"]], ids=["none", "false", "another-phase"])
def test_metadata_that_cannot_be_found_out_ends_the_assembly(engine: TestEngine, ignored: object) -> None:
    status = uploaded(engine, BROKEN, output_meta=["has_transparency"], ignore_errors=ignored)

    assert (status["error"], status["step"]) == ("FILE_META_DATA_ERROR", ":original")


@pytest.mark.parametrize("ignored", [["meta"], True, ["meta", "execute"]], ids=["meta", "true", "both"])
def test_unless_errors_of_that_phase_are_ignored(engine: TestEngine, ignored: object) -> None:
    status = uploaded(engine, BROKEN, output_meta=["has_transparency"], ignore_errors=ignored)

    assert status["ok"] == "ASSEMBLY_COMPLETED"
    (error,) = status["ignored_errors"]
    assert error == {
        "step": ":original", "phase": "meta", "error": "FILE_META_DATA_ERROR",
        "message": "The file could not be read.",
    }  # fmt: skip
    assert "has_transparency" not in status["uploads"][0]["meta"]


@pytest.mark.parametrize(
    ("ignored", "is_ignored"),
    [
        pytest.param(True, True, id="true"),
        pytest.param(["execute"], True, id="execute"),
        pytest.param(["meta", "execute"], True, id="both"),
        pytest.param(["meta"], False, id="another-phase"),
        pytest.param(False, False, id="false"),
    ],
)
def test_errors_of_the_work_itself_are_ignored_where_asked(
    engine: TestEngine, ignored: object, is_ignored: bool
) -> None:
    steps = {"small": {"robot": "/image/resize", "width": 1, "ignore_errors": ignored}}
    assembly = engine.assembly(steps=steps)
    engine.upload(assembly, BROKEN, filename="cat.png")

    engine.work()

    status = engine.status(assembly)
    if is_ignored:
        assert status["ok"] == "ASSEMBLY_COMPLETED"
        assert [(each["step"], each["phase"]) for each in status["ignored_errors"]] == [("small", "execute")]
    else:
        assert (status["error"], status["step"]) == ("INVALID_INPUT_ERROR", "small")
