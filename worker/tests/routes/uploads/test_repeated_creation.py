"""tus at the tus_url: creations that failed, were lost, or come twice."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha1
from typing import Any

import pytest
from werkzeug.test import TestResponse

from ...conftest import TestEngine, files_below, upload_metadata
from .conftest import TUS_PATH, open_raw


def test_creation_whose_first_bytes_were_wrong_leaves_the_place_free(engine: TestEngine) -> None:
    assembly = engine.assembly()
    headers = {"Upload-Checksum": f"sha1 {b64encode(sha1(b'meow').digest()).decode()}"}

    assert create_with(engine, assembly, b"hiss", **headers).status_code == 460

    assert files_below(engine.settings.uploads_dir) == []
    assert create_with(engine, assembly, b"meow", **headers).status_code == 201
    assert engine.status(assembly)["finished_tus_uploads"] == 1


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        pytest.param(b"meow!", {}, 413, id="too many bytes"),
        pytest.param(b"meow", {"Content-Type": "text/plain"}, 415, id="wrong type"),
        pytest.param(b"meow", {"Upload-Checksum": "sha1 ***"}, 400, id="checksum that is none"),
    ],
)
def test_creation_that_was_refused_is_as_if_it_had_not_been(
    engine: TestEngine, body: bytes, headers: dict[str, str], status: int
) -> None:
    assembly = engine.assembly()

    assert create_with(engine, assembly, body, **headers).status_code == status

    assert engine.status(assembly)["started_tus_uploads"] == 0
    assert create_with(engine, assembly, b"meow").status_code == 201


def test_creation_without_a_slot_for_its_bytes_may_come_again(engine: TestEngine) -> None:
    assembly, slots = engine.assembly(), engine.uploads.slots
    for _ in range(engine.settings.max_concurrent_uploads):
        slots.take(())

    assert create_with(engine, assembly, b"meow").status_code == 503

    slots.give_back(())
    assert create_with(engine, assembly, b"meow").status_code == 201


def test_creation_whose_answer_was_lost_gives_way_to_the_next(engine: TestEngine) -> None:
    assembly = engine.assembly()
    lost = engine.open_upload(assembly, 4)
    engine.patch(lost, b"me")

    found = engine.upload(assembly, b"meow")
    engine.work()

    assert engine.head(lost).status_code == 404
    status = engine.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert [upload["upload_url"] for upload in status["tus_uploads"]] == [f"http://localhost{found}"]


def test_of_two_alike_the_one_of_which_less_has_come_gives_way(engine: TestEngine) -> None:
    assembly = engine.assembly(expected=2)
    kept, lost = engine.open_upload(assembly, 4), engine.open_upload(assembly, 4)
    engine.patch(kept, b"me")

    engine.open_upload(assembly, 4)

    assert (engine.head(kept).headers["Upload-Offset"], engine.head(lost).status_code) == ("2", 404)


@pytest.mark.parametrize("other", [{"filename": "dog.txt"}, {"fieldname": "dog"}, {"title": "dog"}])
def test_unfinished_upload_gives_way_to_no_other_file(engine: TestEngine, other: dict[str, str]) -> None:
    assembly = engine.assembly()
    upload = engine.open_upload(assembly, 4)

    metadata = upload_metadata(assembly["assembly_url"], **other)
    refused = open_raw(engine, assembly["assembly_url"], Upload_Metadata=metadata)

    assert refused == (400, "ASSEMBLY_SATURATED")
    assert open_raw(engine, assembly["assembly_url"], Upload_Length="5") == (400, "ASSEMBLY_SATURATED")
    assert engine.head(upload).headers["Upload-Offset"] == "0"


def create_with(engine: TestEngine, assembly: dict[str, Any], body: bytes, **headers: str) -> TestResponse:
    """The answer to a creation of a file of four bytes that brings its first ones."""
    usual = {
        **engine.tus,
        "Upload-Length": "4",
        "Upload-Metadata": upload_metadata(assembly["assembly_url"]),
        "Content-Type": "application/offset+octet-stream",
    }
    return engine.client.post(TUS_PATH, data=body, headers={**usual, **headers})
