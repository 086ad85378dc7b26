"""tus at the tus_url: the rules of the protocol, and hostile clients."""

from __future__ import annotations

import errno
import re
import shutil
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha1
from io import FileIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from cattube_worker.tus import receive

from ...conftest import TestEngine, files_below, open_test_engine, upload_metadata

ALL = "/resumable/files/"


def open_raw(engine: TestEngine, url: str | None = None, **headers: str) -> tuple[int, str]:
    """(status, error code) of an attempt to open an upload with just these headers beside the usual."""
    url = url or engine.assembly()["assembly_url"]
    usual = {"Tus-Resumable": "1.0.0", "Upload-Length": "4", "Upload-Metadata": upload_metadata(url)}
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    response = engine.client.post(ALL, headers={k: v for k, v in {**usual, **given}.items() if v != "(none)"})
    return response.status_code, (response.get_json(silent=True) or {}).get("error", "")


def test_upload_in_two_parts_arrives_whole(engine: TestEngine) -> None:
    assembly = engine.assembly()
    upload = engine.open_upload(assembly, 8)

    assert engine.patch(upload, b"meow").headers["Upload-Offset"] == "4"
    assert engine.head(upload).headers["Upload-Offset"] == "4"
    assert engine.status(assembly)["bytes_received"] == 4
    assert engine.patch(upload, b"purr", 4).status_code == 204

    engine.work()
    status = engine.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert (status["bytes_received"], status["finished_tus_uploads"]) == (8, 1)
    assert engine.get(status["uploads"][0]["url"]).data == b"meowpurr"


def test_upload_is_listed_with_the_address_the_client_knows(engine: TestEngine) -> None:
    """Uppy finds its file by tus_upload_url, byte for byte."""
    assembly = engine.assembly()
    upload = engine.upload(assembly, b"meow", filetype="text/plain", title="ä")
    engine.work()

    status = engine.status(assembly)

    assert status["uploads"][0]["tus_upload_url"] == f"http://localhost{upload}"
    assert status["tus_uploads"] == [
        {
            "filename": "cat.txt",
            "fieldname": "file",
            "user_meta": {"filetype": "text/plain", "title": "ä"},
            "size": 4,
            "offset": 4,
            "finished": True,
            "upload_url": f"http://localhost{upload}",
        }
    ]


def test_options_tell_what_is_supported(engine: TestEngine) -> None:
    response = engine.client.options(ALL)

    assert response.status_code == 204
    assert response.headers["Tus-Version"] == "1.0.0"
    assert set(response.headers["Tus-Extension"].split(",")) >= {
        "creation", "creation-with-upload", "termination"
    }  # fmt: skip
    assert response.headers["Tus-Max-Size"] == str(engine.settings.max_upload_bytes)


def test_first_bytes_may_come_with_the_creation(engine: TestEngine) -> None:
    assembly = engine.assembly()

    response = engine.client.post(
        ALL,
        data=b"me",
        headers={
            **engine.tus,
            "Upload-Length": "4",
            "Upload-Metadata": upload_metadata(assembly["assembly_url"]),
            "Content-Type": "application/offset+octet-stream",
        },
    )

    assert (response.status_code, response.headers["Upload-Offset"]) == (201, "2")
    assert engine.patch(response.headers["Location"], b"ow", 2).status_code == 204


def test_length_may_be_declared_with_the_last_part(engine: TestEngine) -> None:
    assembly = engine.assembly()
    response = engine.client.post(
        ALL,
        headers={
            **engine.tus,
            "Upload-Defer-Length": "1",
            "Upload-Metadata": upload_metadata(assembly["assembly_url"]),
        },
    )
    upload = response.headers["Location"]

    assert engine.patch(upload, b"me").status_code == 204
    assert engine.head(upload).headers["Upload-Defer-Length"] == "1"
    assert engine.patch(upload, b"ow", 2, {"Upload-Length": "4"}).status_code == 204
    assert engine.status(assembly)["finished_tus_uploads"] == 1


def test_file_of_zero_bytes_is_complete_without_a_patch(engine: TestEngine) -> None:
    """T20"""
    assembly = engine.assembly()
    engine.upload(assembly, b"")
    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


def test_cancelled_upload_is_gone_and_another_may_take_its_place(engine: TestEngine) -> None:
    assembly = engine.assembly()
    upload = engine.open_upload(assembly, 4)

    assert engine.client.delete(upload, headers=engine.tus).status_code == 204

    assert engine.head(upload).status_code == 404
    engine.upload(assembly, b"meow")
    assert engine.status(assembly)["finished_tus_uploads"] == 1


@pytest.mark.parametrize("is_probed", [True, False], ids=["probed", "not probed"])
def test_t54_complete_upload_may_be_taken_back_while_others_are_awaited(
    engine: TestEngine, is_probed: bool
) -> None:
    assembly = engine.assembly(expected=2)
    upload = engine.upload(assembly, b"meow", filename="wrong.txt")
    if is_probed:
        engine.work()

    answer = engine.client.delete(upload, headers=engine.tus)

    assert (answer.status_code, answer.data) == (204, b"")
    assert engine.head(upload).status_code == 404
    status = engine.status(assembly)
    assert (status["ok"], status["uploads"], status["tus_uploads"]) == ("ASSEMBLY_UPLOADING", [], [])
    assert files_below(engine.settings.uploads_dir) == []
    for name in ("right.txt", "other.txt"):
        engine.upload(assembly, b"purr", filename=name)
    engine.work()
    ended = engine.status(assembly)
    assert (ended["ok"], ended["num_input_files"]) == ("ASSEMBLY_COMPLETED", 2)
    assert [file["name"] for file in ended["uploads"]] == ["right.txt", "other.txt"]


@pytest.mark.parametrize("is_over", [False, True], ids=["executing", "completed"])
def test_t54_upload_that_is_worked_on_cannot_be_taken_back(engine: TestEngine, is_over: bool) -> None:
    assembly = engine.assembly()
    upload = engine.upload(assembly, b"meow")
    if is_over:
        engine.work()

    answer = engine.client.delete(upload, headers=engine.tus)

    assert answer.status_code == 409
    engine.work()
    assert len(engine.status(assembly)["uploads"]) == 1


def test_t55_address_without_its_last_slash_takes_uploads_too(engine: TestEngine) -> None:
    assembly = engine.assembly(expected=2)
    headers = {
        **engine.tus,
        "Upload-Length": "4",
        "Upload-Metadata": upload_metadata(assembly["assembly_url"]),
    }

    for path in (ALL, urlsplit(assembly["tus_url"]).path):
        created = engine.client.post(path.removesuffix("/"), headers=headers)
        options = engine.client.options(path.removesuffix("/"))

        assert (created.status_code, options.status_code) == (201, 204)
        assert engine.patch(urlsplit(created.headers["Location"]).path, b"meow").status_code == 204
    engine.work()
    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


def test_patch_may_come_as_post(engine: TestEngine) -> None:
    upload = engine.open_upload(engine.assembly(), 4)

    response = engine.client.post(
        upload,
        data=b"meow",
        headers={
            **engine.tus,
            "X-HTTP-Method-Override": "PATCH",
            "Upload-Offset": "0",
            "Content-Type": "application/offset+octet-stream",
        },
    )

    assert response.status_code == 204


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


@pytest.mark.parametrize(
    ("filename", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\cats\\cat.mp4", "cat.mp4"),
        ("a\r\nSet-Cookie: x.mp4", "aSet-Cookie: x.mp4"),
        ("nul\x00l.mp4", "null.mp4"),
        ("..", "file"),
        ("", "file"),
        ("\u202egpj.mp4", "gpj.mp4"),
        ("x" * 5000 + ".mp4", "x" * 235 + ".mp4"),
    ],
)
def test_names_of_any_kind_are_made_safe(engine: TestEngine, filename: str, shown: str) -> None:
    """T11"""
    assembly = engine.assembly()
    engine.upload(assembly, b"meow", filename=filename)
    engine.work()

    assert engine.status(assembly)["uploads"][0]["name"] == shown


def test_metadata_posing_as_our_own_fields_stay_the_users(engine: TestEngine) -> None:
    """T12"""
    assembly = engine.assembly()
    engine.upload(assembly, b"meow", path="/etc/passwd", assembly_id="0" * 32, size_bytes="9", id="x")
    engine.work()

    upload = engine.status(assembly)["uploads"][0]
    assert (upload["size"], upload["user_meta"]["path"]) == (4, "/etc/passwd")
    assert upload["id"] != "x"


@pytest.mark.parametrize("upload", ["../x", "%2e%2e%2fx", "0" * 32, f"{'0' * 32}_{'0' * 32}", "/etc/passwd"])
def test_upload_ids_that_are_none_are_not_found(engine: TestEngine, upload: str) -> None:
    """T13, T14"""
    assert engine.head(ALL + upload).status_code == 404
    assert engine.patch(ALL + upload, b"x").status_code == 404
    assert engine.client.delete(ALL + upload, headers=engine.tus).status_code == 404


def test_last_part_sent_again_changes_nothing(engine: TestEngine) -> None:
    """T16"""
    assembly = engine.assembly()
    upload = engine.upload(assembly, b"meow")
    engine.work()

    assert engine.patch(upload, b"meow", 0).status_code in (400, 409)
    engine.work()
    assert len(engine.status(assembly)["uploads"]) == 1


def test_upload_url_gives_no_bytes(engine: TestEngine) -> None:
    """T18"""
    assert engine.client.get(engine.upload(engine.assembly(), b"meow")).status_code == 405


def test_more_uploads_than_expected_are_refused(engine: TestEngine) -> None:
    assembly = engine.assembly()
    engine.upload(assembly, b"meow")

    assert open_raw(engine, assembly["assembly_url"]) == (400, "ASSEMBLY_SATURATED")


def test_assembly_of_another_host_name_or_scheme_is_the_same(engine: TestEngine) -> None:
    assembly = engine.assembly()
    url = assembly["assembly_url"].replace("http://localhost", "https://engine.example.org:444")

    assert open_raw(engine, url)[0] == 201


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


def test_upload_whose_worker_died_after_the_last_byte_is_finished_by_the_next_question(
    engine: TestEngine,
) -> None:
    """F03"""
    assembly = engine.assembly()
    upload = engine.open_upload(assembly, 4)
    engine.uploads.files.path(upload.rsplit("/", 1)[1]).write_bytes(b"meow")

    assert engine.head(upload).headers["Upload-Offset"] == "4"

    assert engine.status(assembly)["finished_tus_uploads"] == 1


def test_files_that_come_in_one_moment_keep_their_order(engine: TestEngine) -> None:
    names = [f"{number}.txt" for number in range(8)]
    assembly = engine.assembly(expected=len(names))
    for name in names:
        engine.upload(assembly, b"meow", filename=name)
    engine.work()

    status = engine.status(assembly)

    assert [upload["filename"] for upload in status["tus_uploads"]] == names
    assert [file["name"] for file in status["uploads"]] == names


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
    return engine.client.post(ALL, data=body, headers={**usual, **headers})


def test_same_file_twice_in_one_assembly_is_two_whole_files(engine: TestEngine) -> None:
    """T22"""
    assembly = engine.assembly(expected=2)
    uploads = [engine.open_upload(assembly, 4) for _ in range(2)]
    for upload in uploads:
        engine.patch(upload, b"meow")
    engine.work()

    status = engine.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert [engine.get(file["url"]).data for file in status["uploads"]] == [b"meow", b"meow"]
    assert len({file["id"] for file in status["uploads"]}) == 2


def test_id_of_an_upload_cannot_be_guessed(engine: TestEngine) -> None:
    """T13"""
    assembly = engine.assembly(expected=2)
    ids = [engine.open_upload(assembly, 4).rsplit("/", 1)[1] for _ in range(2)]

    assert all(re.fullmatch(f"{assembly['assembly_id']}_[0-9a-f]{{32}}", upload_id) for upload_id in ids)
    assert ids[0] != ids[1]
