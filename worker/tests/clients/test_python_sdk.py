"""pytransloadit and tuspy, unmodified."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from transloadit.client import Transloadit
from tusclient.client import TusClient

from ..conftest import SECRET, UPLOAD_ONLY
from ..server.conftest import Server

ENCODE = {"use": ":original", "preset": "web/mp4/240p", "result": True}


def assembly_of(python_sdk: Transloadit, *paths: Path, **options: Any) -> dict[str, Any]:
    """The last status of an assembly over these files."""
    assembly = python_sdk.new_assembly()
    assembly.add_step(":original", "/upload/handle", {})
    with ExitStack() as open_files:
        for path in paths:
            assembly.add_file(open_files.enter_context(path.open("rb")))
        status: dict[str, Any] = assembly.create(**options).data
    return status


@pytest.mark.parametrize("resumable", [True, False], ids=["tus", "multipart"])
def test_files_arrive_whole_and_the_sdk_sees_the_end(
    python_sdk: Transloadit, clip: Path, letter: Path, resumable: bool
) -> None:
    status = assembly_of(python_sdk, clip, letter, resumable=resumable, wait=True)

    assert status["ok"] == "ASSEMBLY_COMPLETED"
    digests = {file["name"]: file["md5hash"] for file in status["uploads"]}
    assert digests == {path.name: hashlib.md5(path.read_bytes()).hexdigest() for path in (clip, letter)}
    assert sorted(file["field"] for file in status["uploads"]) == ["file", "file_1"]
    assert status["transloadit_client"].startswith("python-sdk:")


def test_status_is_found_by_id_and_by_url(python_sdk: Transloadit, letter: Path) -> None:
    made = assembly_of(python_sdk, letter, wait=True)

    by_id = python_sdk.get_assembly(assembly_id=made["assembly_id"])
    by_url = python_sdk.get_assembly(assembly_url=made["assembly_ssl_url"])

    assert by_id.data == by_url.data == made


def test_cancelled_assembly_stays_cancelled(python_sdk: Transloadit) -> None:
    made = python_sdk.request.post(
        "/assemblies", extra_data={"tus_num_expected_upload_files": 1}, data={"steps": UPLOAD_ONLY}
    ).data

    assert python_sdk.cancel_assembly(assembly_id=made["assembly_id"]).data["ok"] == "ASSEMBLY_CANCELED"
    assert python_sdk.get_assembly(made["assembly_id"]).data["ok"] == "ASSEMBLY_CANCELED"


@pytest.mark.parametrize(
    ("params", "secret", "code"),
    [
        pytest.param({"steps": UPLOAD_ONLY}, "wrong", "INVALID_SIGNATURE", id="W01"),
        pytest.param({}, None, "ASSEMBLY_NO_STEPS", id="no steps"),
        pytest.param(
            {"steps": {"a": {"robot": "/cat/pet"}}}, None, "ASSEMBLY_STEP_UNKNOWN_ROBOT", id="robot"
        ),
        pytest.param({"template_id": "nobody's"}, None, "TEMPLATE_NOT_FOUND", id="template"),
    ],
)
def test_bad_instructions_are_refused_with_transloadits_code(
    server: Server, python_sdk: Transloadit, params: dict[str, Any], secret: str | None, code: str
) -> None:
    client = Transloadit("key", secret, service=server.url) if secret else python_sdk

    response = client.request.post("/assemblies", data=params)

    assert (response.status_code, response.data["error"]) == (400, code)


def test_request_that_expired_is_refused(server: Server) -> None:
    """W09"""
    late = Transloadit("key", SECRET, service=server.url, duration=-60)

    assert late.new_assembly({"steps": UPLOAD_ONLY}).create(resumable=False).data["error"] == "AUTH_EXPIRED"


def test_unknown_assembly_is_told_in_json(python_sdk: Transloadit) -> None:
    response = python_sdk.get_assembly(assembly_id="0" * 32)

    assert (response.status_code, response.data["error"]) == (404, "ASSEMBLY_NOT_FOUND")


def test_video_is_encoded(python_sdk: Transloadit, clip: Path) -> None:
    assembly = python_sdk.new_assembly()
    assembly.add_step("small", "/video/encode", dict(ENCODE))
    with clip.open("rb") as stream:
        assembly.add_file(stream)
        status = assembly.create(wait=True).data

    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert status["results"]["small"][0]["meta"]["video_codec"] == "h264"


def test_failed_assembly_ends_the_wait_with_its_error(
    python_sdk: Transloadit, letter: Path, tmp_path: Path
) -> None:
    """M05"""
    fake = tmp_path / "holiday.mp4"
    fake.write_bytes(letter.read_bytes())
    assembly = python_sdk.new_assembly()
    assembly.add_step("small", "/video/encode", dict(ENCODE))
    with fake.open("rb") as stream:
        assembly.add_file(stream)
        response = assembly.create(wait=True)

    assert (response.status_code, response.data["error"]) == (200, "INVALID_INPUT_ERROR")
    assert "ok" not in response.data


def test_template_keeps_its_steps_beside_the_empty_ones_the_sdk_always_sends(
    python_sdk: Transloadit, clip: Path
) -> None:
    assembly = python_sdk.new_assembly({"template_id": "cattube"})
    with clip.open("rb") as stream:
        assembly.add_file(stream)
        status = assembly.create(wait=True).data

    assert status["ok"] == "ASSEMBLY_COMPLETED"
    awaited = {"resized", "watermarked", "thumbnail", "storyboard"}
    assert set(status["results"]) == {":original", *awaited, "hls"}


@pytest.mark.parametrize("chunk_bytes", [65_536, 99_999])
def test_tuspy_sends_a_file_in_parts_and_goes_on_after_a_pause(
    server: Server, letter: Path, chunk_bytes: int
) -> None:
    assembly = server.assembly()
    client = TusClient(assembly["tus_url"])
    metadata = {"assembly_url": assembly["assembly_url"], "filename": "letter.txt", "fieldname": "mail"}
    with letter.open("rb") as stream:
        first = client.uploader(file_stream=stream, chunk_size=chunk_bytes, metadata=metadata)
        first.upload(stop_at=chunk_bytes)

        # As after a restart of the client: nothing is known but the address.
        second = client.uploader(file_stream=stream, chunk_size=chunk_bytes, url=first.url)
        assert second.offset == chunk_bytes
        second.upload()

    status = server.wait_for_end(assembly)
    assert status["uploads"][0]["md5hash"] == hashlib.md5(letter.read_bytes()).hexdigest()
    assert status["uploads"][0]["tus_upload_url"] == first.url


def test_tuspy_sends_each_part_with_its_checksum(server: Server, letter: Path) -> None:
    assembly = server.assembly()
    metadata = {"assembly_url": assembly["assembly_url"], "filename": "letter.txt", "fieldname": "mail"}
    with letter.open("rb") as stream:
        client = TusClient(assembly["tus_url"])
        client.uploader(
            file_stream=stream, chunk_size=65_536, metadata=metadata, upload_checksum=True
        ).upload()

    assert server.wait_for_end(assembly)["uploads"][0]["size"] == letter.stat().st_size
