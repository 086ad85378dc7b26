"""tus at the tus_url: how bytes come and are listed."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from ...conftest import TestEngine, files_below, upload_metadata
from .conftest import TUS_PATH, open_raw


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
    response = engine.client.options(TUS_PATH)

    assert response.status_code == 204
    assert response.headers["Tus-Version"] == "1.0.0"
    assert set(response.headers["Tus-Extension"].split(",")) >= {
        "creation", "creation-with-upload", "termination"
    }  # fmt: skip
    assert response.headers["Tus-Max-Size"] == str(engine.settings.max_upload_bytes)


def test_first_bytes_may_come_with_the_creation(engine: TestEngine) -> None:
    assembly = engine.assembly()

    response = engine.client.post(
        TUS_PATH,
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
        TUS_PATH,
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

    for path in (TUS_PATH, urlsplit(assembly["tus_url"]).path):
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


def test_assembly_of_another_host_name_or_scheme_is_the_same(engine: TestEngine) -> None:
    assembly = engine.assembly()
    url = assembly["assembly_url"].replace("http://localhost", "https://engine.example.org:444")

    assert open_raw(engine, url)[0] == 201


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
