"""The checksum extension of tus."""

from __future__ import annotations

import base64
import hashlib

import pytest

from cattube_worker.tus.checksum import ALGORITHMS

from ..conftest import TestEngine, upload_metadata

ALL = "/resumable/files/"


def checksum(body: bytes, algorithm: str = "sha1") -> dict[str, str]:
    digest = hashlib.new(algorithm, body).digest()
    return {"Upload-Checksum": f"{algorithm} {base64.b64encode(digest).decode()}"}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_part_with_the_right_checksum_is_kept(engine: TestEngine, algorithm: str) -> None:
    assembly = engine.assembly()
    upload = engine.open_upload(assembly, 8)

    assert engine.patch(upload, b"meow", headers=checksum(b"meow", algorithm)).status_code == 204
    assert engine.patch(upload, b"purr", 4, checksum(b"purr", algorithm)).headers["Upload-Offset"] == "8"

    assert engine.status(assembly)["finished_tus_uploads"] == 1


def test_last_part_with_a_wrong_checksum_is_dropped_and_may_come_again(engine: TestEngine) -> None:
    assembly = engine.assembly()
    upload = engine.open_upload(assembly, 8)
    engine.patch(upload, b"meow")

    assert engine.patch(upload, b"hiss", 4, checksum(b"purr")).status_code == 460

    assert engine.head(upload).headers["Upload-Offset"] == "4"
    assert engine.status(assembly)["finished_tus_uploads"] == 0
    assert engine.patch(upload, b"purr", 4, checksum(b"purr")).status_code == 204
    engine.work()
    assert engine.get(engine.status(assembly)["uploads"][0]["url"]).data == b"meowpurr"


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("crc32 AAAA", id="unknown algorithm"),
        pytest.param("sha1 ***", id="not base64"),
        pytest.param("", id="empty"),
    ],
)
def test_checksum_that_cannot_be_read_is_refused_before_a_byte_is_kept(
    engine: TestEngine, header: str
) -> None:
    upload = engine.open_upload(engine.assembly(), 4)

    assert engine.patch(upload, b"meow", headers={"Upload-Checksum": header}).status_code == 400
    assert engine.head(upload).headers["Upload-Offset"] == "0"


def test_first_bytes_that_come_with_the_creation_are_checked_too(engine: TestEngine) -> None:
    metadata = upload_metadata(engine.assembly()["assembly_url"])
    headers = {"Upload-Length": "4", "Upload-Metadata": metadata, **engine.tus, **checksum(b"meow")}
    body_type = "application/offset+octet-stream"

    assert engine.client.post(ALL, data=b"hiss", headers=headers, content_type=body_type).status_code == 460


def test_options_name_the_algorithms(engine: TestEngine) -> None:
    headers = engine.client.options(ALL).headers

    assert "checksum" in headers["Tus-Extension"].split(",")
    assert "sha1" in headers["Tus-Checksum-Algorithm"].split(",")
