"""Forms with files: what is read of them, and what is kept, before they may come (T41)."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from ...conftest import STORE_ORIGINAL, UPLOAD_ONLY, TestEngine, files_below, open_test_engine

MIB = 2**20
HEAD = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n'
FILE_HEAD = b'--x\r\nContent-Disposition: form-data; name="f"; filename="cat.bin"\r\n\r\n'
END = b"\r\n--x--\r\n"


class Body(io.RawIOBase):
    """A body that begins as it was made and goes on as a file without end; counts what was read of it."""

    def __init__(self, start: bytes, end: bytes = b"", *, size_bytes: int) -> None:
        self._start, self._end, self.size_bytes = start, end, size_bytes
        self.read_bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = min(len(buffer), self.size_bytes - self.read_bytes)
        content = self._start[self.read_bytes : self.read_bytes + count]
        block = content + b"m" * (count - len(content))
        tail = self.size_bytes - len(self._end)
        if self.read_bytes + count > tail and self._end:
            at = max(0, tail - self.read_bytes)
            block = block[:at] + self._end[max(0, self.read_bytes - tail) :][: count - at]
        buffer[:count] = block
        self.read_bytes += count
        return count


def text_parts(fields: Mapping[str, str]) -> bytes:
    return b"".join(HEAD % name.encode() + value.encode() + b"\r\n" for name, value in fields.items())


def send(
    engine: TestEngine,
    body: Body,
    path: str = "/assemblies",
    *,
    kind: str = "multipart/form-data; boundary=x",
    **environ: Any,
) -> TestResponse:
    """The answer to that body, of which only as much is read as the engine wants."""
    environ = environ or {"CONTENT_LENGTH": str(body.size_bytes)}
    overrides = {"wsgi.input": body, "CONTENT_TYPE": kind, **environ}
    return engine.client.post(path, environ_overrides=overrides)


@pytest.fixture(autouse=True)
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files, for this test alone."""
    folder = tmp_path / "spool"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def refused_form(engine: TestEngine, start: bytes) -> tuple[TestResponse, int]:
    """The answer to a form of 4 GiB that begins so, and how much of it was read."""
    body = Body(start, size_bytes=4096 * MIB)
    return send(engine, body), body.read_bytes


def test_t41_no_byte_of_a_file_is_taken_before_the_signature_is_right(engine: TestEngine) -> None:
    cases = {
        "INVALID_SIGNATURE": engine.signed({"steps": UPLOAD_ONLY}, secret="another"),
        "AUTH_EXPIRED": engine.signed(
            {"steps": UPLOAD_ONLY, "auth": {"expires": "2020/01/01 00:00:00+00:00"}}
        ),
        "TEMPLATE_NOT_FOUND": engine.signed({"template_id": "none"}),
        "MAX_NUMBER_OF_FILES_EXCEEDED": engine.signed(
            {"steps": UPLOAD_ONLY, "auth": {"max_number_of_files": 0}}
        ),
    }

    for code, fields in cases.items():
        answer, read_bytes = refused_form(engine, text_parts(fields) + FILE_HEAD)

        assert (answer.status_code, answer.get_json()["error"]) == (400, code)
        assert read_bytes < MIB
    assert files_below(engine.settings.uploads_dir) == []


def test_t41_params_that_were_used_before_bring_no_file(engine: TestEngine) -> None:
    fields = engine.signed({"steps": UPLOAD_ONLY})
    engine.client.post("/assemblies", data=fields)

    answer, read_bytes = refused_form(engine, text_parts(fields) + FILE_HEAD)

    assert (answer.get_json()["error"], read_bytes < MIB) == ("SIGNATURE_REUSE_DETECTED", True)


@pytest.mark.parametrize("first", ["nothing", "params"])
def test_t41_files_before_the_signature_are_refused_once_they_are_large(
    engine: TestEngine, spool: Path, first: str
) -> None:
    fields = {"params": engine.signed({"steps": UPLOAD_ONLY})["params"]} if first == "params" else {}

    answer, read_bytes = refused_form(engine, text_parts(fields) + FILE_HEAD)

    assert (answer.status_code, answer.get_json()["error"]) == (400, "INVALID_FORM_DATA")
    assert "256 KiB of files came before params and signature" in answer.get_json()["message"]
    assert read_bytes < MIB
    assert files_below(spool) == files_below(engine.settings.uploads_dir) == []


def test_small_files_may_come_before_the_signature(engine: TestEngine) -> None:
    fields = engine.signed({"steps": STORE_ORIGINAL})
    start = FILE_HEAD + b"meow\r\n" + FILE_HEAD.replace(b"cat", b"dog") + b"woof\r\n" + text_parts(fields)
    body = start + FILE_HEAD.replace(b"cat", b"cow") + b"moo" + END

    created = send(engine, Body(body, size_bytes=len(body))).get_json()
    engine.work()

    status = engine.status(created)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert [file["name"] for file in status["uploads"]] == ["cat.bin", "dog.bin", "cow.bin"]
    assert [file["size"] for file in status["uploads"]] == [4, 4, 3]


def test_form_without_params_is_refused_though_its_file_is_small(engine: TestEngine) -> None:
    body = FILE_HEAD + b"meow" + END

    answer = send(engine, Body(body, size_bytes=len(body)))

    assert (answer.status_code, answer.get_json()["error"]) == (400, "NO_PARAMS_FIELD")


def test_file_of_many_blocks_arrives_as_it_was_sent(engine: TestEngine) -> None:
    start = text_parts(engine.signed({"steps": UPLOAD_ONLY})) + FILE_HEAD
    size_bytes = 3 * MIB + 7

    created = send(engine, Body(start, END, size_bytes=len(start) + size_bytes + len(END))).get_json()
    engine.work()

    (upload,) = engine.status(created)["uploads"]
    assert upload["size"] == size_bytes
    assert engine.get(upload["ssl_url"]).data == b"m" * size_bytes


def test_t41_file_is_refused_as_soon_as_it_is_too_large(engine: TestEngine) -> None:
    fields = engine.signed({"steps": UPLOAD_ONLY, "auth": {"max_size": 1000}})

    answer, read_bytes = refused_form(engine, text_parts(fields) + FILE_HEAD)

    assert (answer.get_json()["error"], read_bytes < MIB) == ("MAX_SIZE_EXCEEDED", True)
    assert files_below(engine.settings.uploads_dir) == []


def test_t41_form_without_a_length_ends_at_the_largest_file(tmp_path: Path) -> None:
    engine = open_test_engine(tmp_path, max_upload_bytes=MIB)
    body = Body(text_parts(engine.signed({"steps": UPLOAD_ONLY})) + FILE_HEAD, size_bytes=4096 * MIB)

    answer = send(
        engine, body, "/assemblies", kind="multipart/form-data; boundary=x", **{"wsgi.input_terminated": True}
    )

    assert answer.status_code in {400, 413}
    assert body.read_bytes < 2 * MIB
    assert files_below(engine.settings.uploads_dir) == []
    engine.close()


def test_t41_files_of_a_form_are_uploads_to_the_disk(tmp_path: Path) -> None:
    engine = open_test_engine(tmp_path, min_free_bytes=2**60)

    answer, read_bytes = refused_form(engine, text_parts(engine.signed({"steps": UPLOAD_ONLY})) + FILE_HEAD)

    assert (answer.status_code, read_bytes < MIB) == (507, True)
    engine.close()


def test_t41_files_of_a_form_take_a_slot_of_those_who_send(tmp_path: Path) -> None:
    engine = open_test_engine(tmp_path, max_concurrent_uploads=1)
    start = text_parts(engine.signed({"steps": UPLOAD_ONLY})) + FILE_HEAD

    with engine.uploads.slot((), ""):
        answer, read_bytes = refused_form(engine, start)
    body = start + b"meow" + END
    later = send(engine, Body(body, size_bytes=len(body)))

    assert (answer.status_code, answer.get_json()["error"], read_bytes < MIB) == (
        503, "RATE_LIMIT_REACHED", True,
    )  # fmt: skip
    assert later.status_code == 200
    assert engine.uploads.slots.take(())  # It was given back.
    engine.close()


def test_form_that_breaks_off_leaves_nothing(engine: TestEngine) -> None:
    body = Body(text_parts(engine.signed({"steps": UPLOAD_ONLY})) + FILE_HEAD, size_bytes=MIB)

    answer = send(engine, body, CONTENT_LENGTH=str(2 * MIB))

    assert (answer.status_code, answer.get_json()["error"]) == (400, "INVALID_FORM_DATA")
    assert "broke off" in answer.get_json()["message"]
    assert files_below(engine.settings.uploads_dir) == []


@pytest.mark.parametrize("path", ["/templates", "/token", f"/assemblies/{'0' * 32}/add_file"])
def test_t41_addresses_that_take_no_files_read_no_large_body(
    engine: TestEngine, spool: Path, path: str
) -> None:
    body = Body(FILE_HEAD, size_bytes=4096 * MIB)

    answer = send(engine, body, path)

    assert (answer.status_code, answer.get_json()["error"]) == (413, "INVALID_FORM_DATA")
    assert body.read_bytes < MIB
    assert files_below(spool) == []


def test_t41_fields_without_files_have_a_bound_too(engine: TestEngine) -> None:
    body = Body(b"params=", size_bytes=4096 * MIB)

    answer = send(engine, body, kind="application/x-www-form-urlencoded")
    parts = Body(HEAD % b"params", size_bytes=4096 * MIB)

    assert (answer.status_code, body.read_bytes) == (413, 0)
    assert send(engine, parts).status_code == 413
    assert parts.read_bytes < 4 * MIB
