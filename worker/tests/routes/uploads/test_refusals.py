"""tus at the tus_url: clients that are hostile or wrong."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from io import FileIO
from pathlib import Path

import pytest

from cattube_worker.tus import receive

from ...conftest import TestEngine, open_test_engine
from .conftest import TUS_PATH, open_raw


@pytest.mark.parametrize("offset", [1, 3, 5, 2**50])
def test_patch_at_the_wrong_offset_changes_nothing(engine: TestEngine, offset: int) -> None:
    """T01"""
    upload = engine.open_upload(engine.assembly(), 8)
    engine.patch(upload, b"me")

    assert engine.patch(upload, b"ow", offset).status_code == 409
    assert engine.head(upload).headers["Upload-Offset"] == "2"


@pytest.mark.parametrize("number", ["-1", "abc", "9223372036854775808", "(none)", "4, 4", "1.5", " ", "٣"])
def test_length_that_is_no_number_is_refused(engine: TestEngine, number: str) -> None:
    """T02"""
    if not number.isascii():
        number = number.encode().decode("latin-1")
    assert open_raw(engine, Upload_Length=number)[0] == 400


@pytest.mark.parametrize("number", ["-1", "abc", "9223372036854775808", "4, 4"])
def test_offset_that_is_no_number_is_refused(engine: TestEngine, number: str) -> None:
    """T02"""
    upload = engine.open_upload(engine.assembly(), 8)

    assert engine.patch(upload, b"x", headers={"Upload-Offset": number}).status_code == 400


def test_body_longer_than_the_upload_is_refused_whole(engine: TestEngine) -> None:
    """T05"""
    upload = engine.open_upload(engine.assembly(), 4)

    response = engine.patch(upload, b"meow!")

    assert (response.status_code, response.get_json()["error"]) == (413, "MAX_SIZE_EXCEEDED")
    assert engine.head(upload).headers["Upload-Offset"] == "0"


@pytest.mark.parametrize("size", [10 * 10**15, 9 * 2**30])
def test_file_above_the_limit_is_refused_before_it_comes(engine: TestEngine, size: int) -> None:
    """T07"""
    assert open_raw(engine, Upload_Length=str(size))[0] == 413


def test_file_above_what_was_signed_is_refused_before_it_comes(engine: TestEngine) -> None:
    assembly = engine.assembly(auth={"max_size": 3})

    assert open_raw(engine, assembly["assembly_url"]) == (413, "MAX_SIZE_EXCEEDED")


def test_file_larger_than_the_free_disk_is_retried_not_dropped(tmp_path: Path) -> None:
    """T07, F15"""
    engine = open_test_engine(tmp_path, min_free_bytes=shutil.disk_usage(tmp_path).total)

    assert open_raw(engine)[0] == 507
    engine.close()


def test_full_disk_keeps_what_arrived_and_goes_on_later(
    engine: TestEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F15"""
    assembly = engine.assembly()
    upload = engine.open_upload(assembly, 8)
    monkeypatch.setattr(receive, "write_all", full_after_two_bytes(receive.write_all))

    response = engine.patch(upload, b"meowpurr")

    assert (response.status_code, response.get_json()["error"]) == (507, "TRANSIENT_STORAGE_SERVICE_ERROR")
    assert engine.head(upload).headers["Upload-Offset"] == "2"
    monkeypatch.undo()
    assert engine.patch(upload, b"owpurr", 2).status_code == 204
    assert engine.status(assembly)["finished_tus_uploads"] == 1


def full_after_two_bytes(write: Callable[[FileIO, memoryview], int]) -> Callable[[FileIO, memoryview], int]:
    def write_until_full(file: FileIO, block: memoryview) -> int:
        write(file, block[:2])
        raise OSError(errno.ENOSPC, "No space left on device")

    return write_until_full


def test_version_and_content_type_must_be_ours(engine: TestEngine) -> None:
    """T10"""
    upload = engine.open_upload(engine.assembly(), 4)

    assert open_raw(engine, Tus_Resumable="(none)")[0] == 412
    assert open_raw(engine, Tus_Resumable="0.2.2")[0] == 412
    assert engine.patch(upload, b"meow", headers={"Content-Type": "text/plain"}).status_code == 415


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("filename ***", id="not base64"),
        pytest.param("filename /w==", id="not UTF-8"),
        pytest.param("filename YQ==,filename YQ==", id="key twice"),
        pytest.param("filename " + "YWFh" * 10_000, id="very long"),
        pytest.param("", id="empty"),
        pytest.param("assembly_url aHR0cDovL2V2aWwudGVzdC8=", id="assembly_url without id"),
    ],
)
def test_metadata_that_cannot_be_read_are_refused(engine: TestEngine, header: str) -> None:
    """T11"""
    assert open_raw(engine, Upload_Metadata=header)[0] == 400


@pytest.mark.parametrize("upload", ["../x", "%2e%2e%2fx", "0" * 32, f"{'0' * 32}_{'0' * 32}", "/etc/passwd"])
def test_upload_ids_that_are_none_are_not_found(engine: TestEngine, upload: str) -> None:
    """T13, T14"""
    assert engine.head(TUS_PATH + upload).status_code == 404
    assert engine.patch(TUS_PATH + upload, b"x").status_code == 404
    assert engine.client.delete(TUS_PATH + upload, headers=engine.tus).status_code == 404


def test_more_uploads_than_expected_are_refused(engine: TestEngine) -> None:
    assembly = engine.assembly()
    engine.upload(assembly, b"meow")

    assert open_raw(engine, assembly["assembly_url"]) == (400, "ASSEMBLY_SATURATED")


def test_unknown_assembly_is_not_found(engine: TestEngine) -> None:
    assert open_raw(engine, f"http://x/assemblies/{'0' * 32}") == (404, "ASSEMBLY_NOT_FOUND")


def test_cancelled_assembly_takes_no_bytes(engine: TestEngine) -> None:
    assembly = engine.assembly()
    upload = engine.open_upload(assembly, 4)
    engine.client.delete(f"/assemblies/{assembly['assembly_id']}")

    response = engine.patch(upload, b"meow")

    assert (response.status_code, response.get_json()["error"]) == (400, "ASSEMBLY_SATURATED")


def test_more_senders_than_slots_are_asked_to_come_again(engine: TestEngine) -> None:
    upload = engine.open_upload(engine.assembly(), 4)
    slots = engine.uploads.slots
    for _ in range(engine.settings.max_concurrent_uploads):
        slots.take(())

    response = engine.patch(upload, b"meow")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    slots.give_back(())
    assert engine.patch(upload, b"meow").status_code == 204
