"""tus at the tus_url: what the protocol demands, and what a hostile client tries."""

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

import pytest
from werkzeug.test import TestResponse

from cattube_worker.tus import receive

from ...conftest import House, files_below, open_house, upload_metadata

ALL = "/resumable/files/"


def open_raw(house: House, url: str | None = None, **headers: str) -> tuple[int, str]:
    """(status, error code) of an attempt to open an upload with just these headers beside the usual."""
    url = url or house.assembly()["assembly_url"]
    usual = {"Tus-Resumable": "1.0.0", "Upload-Length": "4", "Upload-Metadata": upload_metadata(url)}
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    response = house.client.post(ALL, headers={k: v for k, v in {**usual, **given}.items() if v != "(none)"})
    return response.status_code, (response.get_json(silent=True) or {}).get("error", "")


def test_upload_in_two_parts_arrives_whole(house: House) -> None:
    assembly = house.assembly()
    upload = house.open_upload(assembly, 8)

    assert house.patch(upload, b"meow").headers["Upload-Offset"] == "4"
    assert house.head(upload).headers["Upload-Offset"] == "4"
    assert house.status(assembly)["bytes_received"] == 4
    assert house.patch(upload, b"purr", 4).status_code == 204

    house.work()
    status = house.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert (status["bytes_received"], status["finished_tus_uploads"]) == (8, 1)
    assert house.get(status["uploads"][0]["url"]).data == b"meowpurr"


def test_upload_is_listed_with_the_address_the_client_knows(house: House) -> None:
    """Uppy finds its file by tus_upload_url, byte for byte."""
    assembly = house.assembly()
    upload = house.upload(assembly, b"meow", filetype="text/plain", title="ä")
    house.work()

    status = house.status(assembly)

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


def test_options_tell_what_is_supported(house: House) -> None:
    response = house.client.options(ALL)

    assert response.status_code == 204
    assert response.headers["Tus-Version"] == "1.0.0"
    assert set(response.headers["Tus-Extension"].split(",")) >= {
        "creation", "creation-with-upload", "termination"
    }  # fmt: skip
    assert response.headers["Tus-Max-Size"] == str(house.engine.settings.max_upload_bytes)


def test_first_bytes_may_come_with_the_creation(house: House) -> None:
    assembly = house.assembly()

    response = house.client.post(
        ALL,
        data=b"me",
        headers={
            **house.tus,
            "Upload-Length": "4",
            "Upload-Metadata": upload_metadata(assembly["assembly_url"]),
            "Content-Type": "application/offset+octet-stream",
        },
    )

    assert (response.status_code, response.headers["Upload-Offset"]) == (201, "2")
    assert house.patch(response.headers["Location"], b"ow", 2).status_code == 204


def test_length_may_be_declared_with_the_last_part(house: House) -> None:
    assembly = house.assembly()
    response = house.client.post(
        ALL,
        headers={
            **house.tus,
            "Upload-Defer-Length": "1",
            "Upload-Metadata": upload_metadata(assembly["assembly_url"]),
        },
    )
    upload = response.headers["Location"]

    assert house.patch(upload, b"me").status_code == 204
    assert house.head(upload).headers["Upload-Defer-Length"] == "1"
    assert house.patch(upload, b"ow", 2, {"Upload-Length": "4"}).status_code == 204
    assert house.status(assembly)["finished_tus_uploads"] == 1


def test_file_of_zero_bytes_is_complete_without_a_patch(house: House) -> None:
    """T20"""
    assembly = house.assembly()
    house.upload(assembly, b"")
    house.work()

    assert house.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


def test_cancelled_upload_is_gone_and_another_may_take_its_place(house: House) -> None:
    assembly = house.assembly()
    upload = house.open_upload(assembly, 4)

    assert house.client.delete(upload, headers=house.tus).status_code == 204

    assert house.head(upload).status_code == 404
    house.upload(assembly, b"meow")
    assert house.status(assembly)["finished_tus_uploads"] == 1


def test_patch_may_come_as_post(house: House) -> None:
    upload = house.open_upload(house.assembly(), 4)

    response = house.client.post(
        upload,
        data=b"meow",
        headers={
            **house.tus,
            "X-HTTP-Method-Override": "PATCH",
            "Upload-Offset": "0",
            "Content-Type": "application/offset+octet-stream",
        },
    )

    assert response.status_code == 204


@pytest.mark.parametrize("offset", [1, 3, 5, 2**50])
def test_patch_at_the_wrong_offset_changes_nothing(house: House, offset: int) -> None:
    """T01"""
    upload = house.open_upload(house.assembly(), 8)
    house.patch(upload, b"me")

    assert house.patch(upload, b"ow", offset).status_code == 409
    assert house.head(upload).headers["Upload-Offset"] == "2"


@pytest.mark.parametrize("number", ["-1", "abc", "9223372036854775808", "(none)", "4, 4", "1.5", " ", "٣"])
def test_length_that_is_no_number_is_refused(house: House, number: str) -> None:
    """T02"""
    if not number.isascii():
        number = number.encode().decode("latin-1")
    assert open_raw(house, Upload_Length=number)[0] == 400


@pytest.mark.parametrize("number", ["-1", "abc", "9223372036854775808", "4, 4"])
def test_offset_that_is_no_number_is_refused(house: House, number: str) -> None:
    """T02"""
    upload = house.open_upload(house.assembly(), 8)

    assert house.patch(upload, b"x", headers={"Upload-Offset": number}).status_code == 400


def test_body_longer_than_the_upload_is_refused_whole(house: House) -> None:
    """T05"""
    upload = house.open_upload(house.assembly(), 4)

    response = house.patch(upload, b"meow!")

    assert (response.status_code, response.get_json()["error"]) == (413, "MAX_SIZE_EXCEEDED")
    assert house.head(upload).headers["Upload-Offset"] == "0"


@pytest.mark.parametrize("size", [10 * 10**15, 9 * 2**30])
def test_file_above_the_limit_is_refused_before_it_comes(house: House, size: int) -> None:
    """T07"""
    assert open_raw(house, Upload_Length=str(size))[0] == 413


def test_file_above_what_was_signed_is_refused_before_it_comes(house: House) -> None:
    assembly = house.assembly(auth={"max_size": 3})

    assert open_raw(house, assembly["assembly_url"]) == (413, "MAX_SIZE_EXCEEDED")


def test_file_larger_than_the_free_disk_is_retried_not_dropped(tmp_path: Path) -> None:
    """T07, F15"""
    house = open_house(tmp_path, min_free_bytes=shutil.disk_usage(tmp_path).total)

    assert open_raw(house)[0] == 507
    house.engine.database.close()


def test_full_disk_keeps_what_arrived_and_goes_on_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F15"""
    assembly = house.assembly()
    upload = house.open_upload(assembly, 8)
    monkeypatch.setattr(receive, "_write", full_after_two_bytes(receive._write))

    response = house.patch(upload, b"meowpurr")

    assert (response.status_code, response.get_json()["error"]) == (507, "TRANSIENT_STORAGE_SERVICE_ERROR")
    assert house.head(upload).headers["Upload-Offset"] == "2"
    monkeypatch.undo()
    assert house.patch(upload, b"owpurr", 2).status_code == 204
    assert house.status(assembly)["finished_tus_uploads"] == 1


def full_after_two_bytes(write: Callable[[FileIO, memoryview], int]) -> Callable[[FileIO, memoryview], int]:
    def write_until_full(file: FileIO, block: memoryview) -> int:
        write(file, block[:2])
        raise OSError(errno.ENOSPC, "No space left on device")

    return write_until_full


def test_version_and_content_type_must_be_ours(house: House) -> None:
    """T10"""
    upload = house.open_upload(house.assembly(), 4)

    assert open_raw(house, Tus_Resumable="(none)")[0] == 412
    assert open_raw(house, Tus_Resumable="0.2.2")[0] == 412
    assert house.patch(upload, b"meow", headers={"Content-Type": "text/plain"}).status_code == 415


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
def test_metadata_that_cannot_be_read_are_refused(house: House, header: str) -> None:
    """T11"""
    assert open_raw(house, Upload_Metadata=header)[0] == 400


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
def test_names_of_any_kind_are_made_safe(house: House, filename: str, shown: str) -> None:
    """T11"""
    assembly = house.assembly()
    house.upload(assembly, b"meow", filename=filename)
    house.work()

    assert house.status(assembly)["uploads"][0]["name"] == shown


def test_metadata_posing_as_our_own_fields_stay_the_users(house: House) -> None:
    """T12"""
    assembly = house.assembly()
    house.upload(assembly, b"meow", path="/etc/passwd", assembly_id="0" * 32, size_bytes="9", id="x")
    house.work()

    upload = house.status(assembly)["uploads"][0]
    assert (upload["size"], upload["user_meta"]["path"]) == (4, "/etc/passwd")
    assert upload["id"] != "x"


@pytest.mark.parametrize("upload", ["../x", "%2e%2e%2fx", "0" * 32, f"{'0' * 32}_{'0' * 32}", "/etc/passwd"])
def test_upload_ids_that_are_none_are_not_found(house: House, upload: str) -> None:
    """T13, T14"""
    assert house.head(ALL + upload).status_code == 404
    assert house.patch(ALL + upload, b"x").status_code == 404
    assert house.client.delete(ALL + upload, headers=house.tus).status_code == 404


def test_last_part_sent_again_changes_nothing(house: House) -> None:
    """T16"""
    assembly = house.assembly()
    upload = house.upload(assembly, b"meow")
    house.work()

    assert house.patch(upload, b"meow", 0).status_code in (400, 409)
    house.work()
    assert len(house.status(assembly)["uploads"]) == 1


def test_upload_url_gives_no_bytes(house: House) -> None:
    """T18"""
    assert house.client.get(house.upload(house.assembly(), b"meow")).status_code == 405


def test_more_uploads_than_expected_are_refused(house: House) -> None:
    assembly = house.assembly()
    house.upload(assembly, b"meow")

    assert open_raw(house, assembly["assembly_url"]) == (400, "ASSEMBLY_SATURATED")


def test_assembly_of_another_host_name_or_scheme_is_the_same(house: House) -> None:
    assembly = house.assembly()
    url = assembly["assembly_url"].replace("http://localhost", "https://engine.example.org:444")

    assert open_raw(house, url)[0] == 201


def test_unknown_assembly_is_not_found(house: House) -> None:
    assert open_raw(house, f"http://x/assemblies/{'0' * 32}") == (404, "ASSEMBLY_NOT_FOUND")


def test_cancelled_assembly_takes_no_bytes(house: House) -> None:
    assembly = house.assembly()
    upload = house.open_upload(assembly, 4)
    house.client.delete(f"/assemblies/{assembly['assembly_id']}")

    response = house.patch(upload, b"meow")

    assert (response.status_code, response.get_json()["error"]) == (400, "ASSEMBLY_SATURATED")


def test_more_senders_than_seats_are_asked_to_come_again(house: House) -> None:
    upload = house.open_upload(house.assembly(), 4)
    seats: Any = house.engine.upload_seats
    for _ in range(house.engine.settings.max_concurrent_uploads):
        seats.acquire()

    response = house.patch(upload, b"meow")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    seats.release()
    assert house.patch(upload, b"meow").status_code == 204


def test_upload_whose_worker_died_after_the_last_byte_is_finished_by_the_next_question(house: House) -> None:
    """F03"""
    assembly = house.assembly()
    upload = house.open_upload(assembly, 4)
    house.engine.upload_files.path(upload.rsplit("/", 1)[1]).write_bytes(b"meow")

    assert house.head(upload).headers["Upload-Offset"] == "4"

    assert house.status(assembly)["finished_tus_uploads"] == 1


def test_files_that_come_in_one_moment_keep_their_order(house: House) -> None:
    names = [f"{number}.txt" for number in range(8)]
    assembly = house.assembly(expected=len(names))
    for name in names:
        house.upload(assembly, b"meow", filename=name)
    house.work()

    status = house.status(assembly)

    assert [each["filename"] for each in status["tus_uploads"]] == names
    assert [each["name"] for each in status["uploads"]] == names


def test_creation_whose_first_bytes_were_wrong_leaves_the_place_free(house: House) -> None:
    assembly = house.assembly()
    headers = {"Upload-Checksum": f"sha1 {b64encode(sha1(b'meow').digest()).decode()}"}

    assert create_with(house, assembly, b"hiss", **headers).status_code == 460

    assert files_below(house.engine.settings.uploads_dir) == []
    assert create_with(house, assembly, b"meow", **headers).status_code == 201
    assert house.status(assembly)["finished_tus_uploads"] == 1


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        pytest.param(b"meow!", {}, 413, id="too many bytes"),
        pytest.param(b"meow", {"Content-Type": "text/plain"}, 415, id="wrong type"),
        pytest.param(b"meow", {"Upload-Checksum": "sha1 ***"}, 400, id="checksum that is none"),
    ],
)
def test_creation_that_was_refused_is_as_if_it_had_not_been(
    house: House, body: bytes, headers: dict[str, str], status: int
) -> None:
    assembly = house.assembly()

    assert create_with(house, assembly, body, **headers).status_code == status

    assert house.status(assembly)["started_tus_uploads"] == 0
    assert create_with(house, assembly, b"meow").status_code == 201


def test_creation_without_a_seat_for_its_bytes_may_come_again(house: House) -> None:
    assembly, seats = house.assembly(), house.engine.upload_seats
    for _ in range(house.engine.settings.max_concurrent_uploads):
        seats.acquire()

    assert create_with(house, assembly, b"meow").status_code == 503

    seats.release()
    assert create_with(house, assembly, b"meow").status_code == 201


def test_creation_whose_answer_was_lost_gives_way_to_the_next(house: House) -> None:
    assembly = house.assembly()
    lost = house.open_upload(assembly, 4)
    house.patch(lost, b"me")

    found = house.upload(assembly, b"meow")
    house.work()

    assert house.head(lost).status_code == 404
    status = house.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert [each["upload_url"] for each in status["tus_uploads"]] == [f"http://localhost{found}"]


def test_of_two_alike_the_one_of_which_less_has_come_gives_way(house: House) -> None:
    assembly = house.assembly(expected=2)
    kept, lost = house.open_upload(assembly, 4), house.open_upload(assembly, 4)
    house.patch(kept, b"me")

    house.open_upload(assembly, 4)

    assert (house.head(kept).headers["Upload-Offset"], house.head(lost).status_code) == ("2", 404)


@pytest.mark.parametrize("other", [{"filename": "dog.txt"}, {"fieldname": "dog"}, {"title": "dog"}])
def test_unfinished_upload_gives_way_to_no_other_file(house: House, other: dict[str, str]) -> None:
    assembly = house.assembly()
    upload = house.open_upload(assembly, 4)

    metadata = upload_metadata(assembly["assembly_url"], **other)
    refused = open_raw(house, assembly["assembly_url"], Upload_Metadata=metadata)

    assert refused == (400, "ASSEMBLY_SATURATED")
    assert open_raw(house, assembly["assembly_url"], Upload_Length="5") == (400, "ASSEMBLY_SATURATED")
    assert house.head(upload).headers["Upload-Offset"] == "0"


def create_with(house: House, assembly: dict[str, Any], body: bytes, **headers: str) -> TestResponse:
    """The answer to a creation of a file of four bytes that brings its first ones."""
    usual = {
        **house.tus,
        "Upload-Length": "4",
        "Upload-Metadata": upload_metadata(assembly["assembly_url"]),
        "Content-Type": "application/offset+octet-stream",
    }
    return house.client.post(ALL, data=body, headers={**usual, **headers})


def test_same_file_twice_in_one_assembly_is_two_whole_files(house: House) -> None:
    """T22"""
    assembly = house.assembly(expected=2)
    uploads = [house.open_upload(assembly, 4) for _ in range(2)]
    for upload in uploads:
        house.patch(upload, b"meow")
    house.work()

    status = house.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert [house.get(each["url"]).data for each in status["uploads"]] == [b"meow", b"meow"]
    assert len({each["id"] for each in status["uploads"]}) == 2


def test_id_of_an_upload_cannot_be_guessed(house: House) -> None:
    """T13"""
    assembly = house.assembly(expected=2)
    ids = [house.open_upload(assembly, 4).rsplit("/", 1)[1] for _ in range(2)]

    assert all(re.fullmatch(f"{assembly['assembly_id']}_[0-9a-f]{{32}}", each) for each in ids)
    assert ids[0] != ids[1]
