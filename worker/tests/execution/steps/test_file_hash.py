"""The digest of a file, or of its ends."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from cattube_worker.instructions.steps import StepError, read_steps

from ...conftest import TestEngine

BODY = bytes(range(256)) * 4
# The head of a picture of one pixel.
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde"


def hashed(engine: TestEngine, body: bytes = BODY, **parameters: Any) -> dict[str, Any]:
    """The file that came of one whose bytes are not all alike."""
    steps = {"hashed": {"robot": "/file/hash", "use": ":original", "result": True, **parameters}}
    assembly = engine.assembly(steps=steps)
    engine.upload(assembly, body, filename="Cat.bin")
    engine.work()
    status = engine.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED", status
    (file,) = status["results"]["hashed"]
    return dict(file)


@pytest.mark.parametrize(
    ("algorithm", "digest"),
    [
        ("md5", hashlib.md5(BODY).hexdigest()),
        ("sha1", hashlib.sha1(BODY).hexdigest()),
        ("sha224", hashlib.sha224(BODY).hexdigest()),
        ("sha256", hashlib.sha256(BODY).hexdigest()),
        ("sha384", hashlib.sha384(BODY).hexdigest()),
        ("sha512", hashlib.sha512(BODY).hexdigest()),
        ("b2", hashlib.blake2b(BODY).hexdigest()),
    ],
)
def test_f70_a_file_has_its_digest_by_the_algorithm_asked_for(
    engine: TestEngine, algorithm: str, digest: str
) -> None:
    file = hashed(engine, algorithm=algorithm)

    assert file["meta"] == {"hash": digest}


def test_f70_a_digest_is_sha256_unless_asked_otherwise_and_the_file_stays_as_it_is(
    engine: TestEngine,
) -> None:
    file = hashed(engine)

    assert file["meta"]["hash"] == hashlib.sha256(BODY).hexdigest()
    assert (file["name"], file["mime"]) == ("Cat.bin", "application/octet-stream")
    assert file["md5hash"] == hashlib.md5(BODY).hexdigest()
    assert engine.get(file["ssl_url"]).data == BODY


@pytest.mark.parametrize(
    ("partial", "counted"),
    [("first", BODY[:300]), ("last", BODY[-300:]), ("both", BODY[:300] + BODY[-300:])],
)
def test_f70_a_part_of_a_file_has_a_digest(engine: TestEngine, partial: str, counted: bytes) -> None:
    file = hashed(engine, partial=partial, partial_size=300)

    assert file["meta"] == {
        "hash": hashlib.sha256(counted).hexdigest(),
        "hash_partial": partial,
        "hash_partial_size": 300,
    }


def test_f70_both_ends_of_a_file_shorter_than_an_end_are_the_file_twice(engine: TestEngine) -> None:
    file = hashed(engine, partial="both")

    assert file["meta"]["hash"] == hashlib.sha256(BODY + BODY).hexdigest()
    assert file["meta"]["hash_partial_size"] == len(BODY)


def test_f70_a_digest_stands_alone_where_nothing_else_is_to_be_said(engine: TestEngine) -> None:
    file = hashed(engine, PNG, output_meta=False)

    assert file["meta"] == {"hash": hashlib.sha256(PNG).hexdigest()}
    assert hashed(engine, PNG)["meta"]["width"] == 1


@pytest.mark.parametrize("parameters", [{"algorithm": "crc32"}, {"partial": "middle"}, {"partial_size": 0}])
def test_f70_a_digest_that_does_not_exist_is_refused_at_creation(parameters: dict[str, Any]) -> None:
    with pytest.raises(StepError, match='of the step "hashed"') as caught:
        read_steps({"hashed": {"robot": "/file/hash", **parameters}})

    assert caught.value.code == "FILE_HASH_VALIDATION"
