"""The concatenation extension of tus: files sent as parallel parts."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from cattube_worker.tus.concatenation import MOST_PARTS, read_parts
from cattube_worker.tus.protocol import TusError

from ..conftest import TestEngine, files_below, open_test_engine, upload_metadata

STRANGER = f"{'0' * 32}_{'0' * 32}"


def open_part(engine: TestEngine, assembly: dict[str, Any], size: object, **headers: str) -> TestResponse:
    """As tus-js-client does: a part carries no metadata."""
    extra = {name.replace("_", "-"): value for name, value in headers.items()}
    usual = {**engine.tus, "Upload-Concat": "partial", "Upload-Length": str(size)}
    return engine.client.post(urlsplit(assembly["tus_url"]).path, headers={**usual, **extra})


def part(engine: TestEngine, assembly: dict[str, Any], body: bytes) -> str:
    """The address of a part that has arrived."""
    response = open_part(engine, assembly, len(body))
    assert response.status_code == 201, response.json
    url = response.headers["Location"]
    assert engine.patch(urlsplit(url).path, body).status_code == 204
    return url


def join(engine: TestEngine, assembly: dict[str, Any], *parts: str, **headers: str) -> TestResponse:
    return engine.client.post(
        urlsplit(assembly["tus_url"]).path,
        headers={
            **engine.tus,
            "Upload-Concat": f"final;{' '.join(parts)}",
            "Upload-Metadata": upload_metadata(assembly["assembly_url"]),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
    )


def test_file_sent_in_parts_is_one_file(engine: TestEngine) -> None:
    assembly = engine.assembly()
    parts = [part(engine, assembly, body) for body in (b"meow", b"purr", b"hiss")]
    before = engine.status(assembly)

    response = join(engine, assembly, *parts)
    engine.work()

    assert (before["ok"], before["num_input_files"]) == ("ASSEMBLY_UPLOADING", 0)
    assert (response.status_code, response.headers["Upload-Offset"]) == (201, "12")
    status = engine.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert [upload["upload_url"] for upload in status["tus_uploads"]] == [response.headers["Location"]]
    assert [upload["name"] for upload in status["uploads"]] == ["cat.txt"]
    assert engine.get(status["uploads"][0]["url"]).data == b"meowpurrhiss"


def test_parts_are_joined_in_the_order_of_the_header(engine: TestEngine) -> None:
    assembly = engine.assembly()
    late, early = part(engine, assembly, b"purr"), part(engine, assembly, b"meow")

    join(engine, assembly, early, urlsplit(late).path)
    engine.work()

    assert engine.get(engine.status(assembly)["uploads"][0]["url"]).data == b"meowpurr"


def test_parts_are_gone_when_they_are_joined(engine: TestEngine) -> None:
    assembly = engine.assembly()
    parts = [part(engine, assembly, body) for body in (b"meow", b"purr")]

    whole = join(engine, assembly, *parts).headers["Location"]

    assert [engine.head(urlsplit(each).path).status_code for each in parts] == [404, 404]
    uploads = engine.settings.uploads_dir
    assert [each.rsplit("/", 1)[1] for each in files_below(uploads)] == [whole.rsplit("_", 1)[1]]


def test_head_shows_if_an_upload_is_partial_or_final(engine: TestEngine) -> None:
    assembly = engine.assembly()
    first, second = part(engine, assembly, b"meow"), part(engine, assembly, b"purr")

    asked = engine.head(urlsplit(first).path).headers
    whole = engine.head(urlsplit(join(engine, assembly, first, second).headers["Location"]).path).headers

    assert (asked["Upload-Concat"], asked["Upload-Offset"], asked["Upload-Length"]) == ("partial", "4", "4")
    assert whole["Upload-Concat"] == f"final;{first} {second}"
    assert (whole["Upload-Offset"], whole["Upload-Length"]) == ("8", "8")


def test_part_may_stop_and_go_on(engine: TestEngine) -> None:
    assembly = engine.assembly()
    url = urlsplit(open_part(engine, assembly, 8).headers["Location"]).path
    engine.patch(url, b"meow")

    assert engine.head(url).headers["Upload-Offset"] == "4"
    assert engine.patch(url, b"purr", 4).status_code == 204
    assert join(engine, assembly, url).status_code == 201


def test_second_request_to_join_gets_the_same_response(engine: TestEngine) -> None:
    """T16"""
    assembly = engine.assembly()
    parts = [part(engine, assembly, body) for body in (b"meow", b"purr")]
    first = join(engine, assembly, *parts)

    second = join(engine, assembly, *parts)

    assert (second.status_code, second.headers["Location"]) == (201, first.headers["Location"])
    assert engine.status(assembly)["started_tus_uploads"] == 1


def test_joined_upload_takes_no_bytes(engine: TestEngine) -> None:
    assembly = engine.assembly(expected=2)
    whole = urlsplit(join(engine, assembly, part(engine, assembly, b"meow")).headers["Location"]).path

    assert engine.patch(whole, b"purr", 4).status_code == 403
    assert engine.head(whole).headers["Upload-Offset"] == "4"


def test_part_may_be_given_up_even_when_it_is_complete(engine: TestEngine) -> None:
    """tus-js-client does so when somebody cancels."""
    assembly = engine.assembly()
    url = urlsplit(part(engine, assembly, b"meow")).path

    assert engine.client.delete(url, headers=engine.tus).status_code == 204

    assert engine.head(url).status_code == 404
    assert files_below(engine.settings.uploads_dir) == []


def test_cancelled_assembly_takes_its_parts_with_it(engine: TestEngine) -> None:
    assembly = engine.assembly()
    url = part(engine, assembly, b"meow")

    engine.client.delete(f"/assemblies/{assembly['assembly_id']}")
    engine.work()

    assert join(engine, assembly, url).status_code == 400
    assert files_below(engine.settings.uploads_dir) == []


def unfinished(engine: TestEngine, assembly: dict[str, Any]) -> list[str]:
    return [part(engine, assembly, b"meow"), open_part(engine, assembly, 4).headers["Location"]]


def foreign(engine: TestEngine, _: dict[str, Any]) -> list[str]:
    return [part(engine, engine.assembly(), b"meow")]


def no_part(engine: TestEngine, assembly: dict[str, Any]) -> list[str]:
    return [engine.upload(assembly, b"meow")]


def twice(engine: TestEngine, assembly: dict[str, Any]) -> list[str]:
    return [part(engine, assembly, b"meow")] * 2


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        pytest.param(unfinished, 400, id="a part is unfinished"),
        pytest.param(foreign, 403, id="of another assembly"),
        pytest.param(no_part, 400, id="a whole upload"),
        pytest.param(twice, 400, id="one part twice"),
        pytest.param(lambda *_: [], 400, id="no part"),
        pytest.param(lambda *_: ["/a"] * 10_000, 400, id="10,000 parts"),
        pytest.param(lambda *_: ["/resumable/files/../../etc/passwd"], 400, id="path"),
        pytest.param(lambda *_: ["/resumable/files/%2e%2e%2fpasswd"], 400, id="encoded path"),
        pytest.param(lambda *_: ["http://[::1"], 400, id="no address"),
    ],
)
def test_parts_that_cannot_be_joined_are_refused(
    engine: TestEngine, parts: Callable[[TestEngine, dict[str, Any]], list[str]], status: int
) -> None:
    """T14, T15"""
    assembly = engine.assembly(expected=2)

    response = join(engine, assembly, *parts(engine, assembly))

    assert response.status_code == status
    assert "Location" not in response.headers
    assert engine.status(assembly)["ok"] == "ASSEMBLY_UPLOADING"


def test_part_that_is_not_there_is_not_found(engine: TestEngine) -> None:
    """T15"""
    assembly = engine.assembly()

    response = join(engine, assembly, f"/resumable/files/{assembly['assembly_id']}_{'0' * 32}")

    assert response.status_code == 404


@pytest.mark.parametrize("concat", ["whole", "final", "partial; ", "PARTIAL"])
def test_header_with_another_value_is_refused(engine: TestEngine, concat: str) -> None:
    """T15"""
    assert open_part(engine, engine.assembly(), 4, Upload_Concat=concat).status_code == 400


def test_parts_together_may_not_be_larger_than_the_file(engine: TestEngine) -> None:
    """T15"""
    assembly = engine.assembly(auth={"max_size": 7})
    parts = [part(engine, assembly, b"meow"), part(engine, assembly, b"purr")]

    response = join(engine, assembly, *parts)

    assert (response.status_code, response.get_json()["error"]) == (413, "MAX_SIZE_EXCEEDED")
    assert engine.status(assembly)["started_tus_uploads"] == 0


def test_parts_cannot_fill_the_disk(engine: TestEngine) -> None:
    """T15"""
    assembly = engine.assembly(auth={"max_size": 10})
    opened = [open_part(engine, assembly, 10) for _ in range(3)]

    assert [response.status_code for response in opened] == [201, 201, 400]
    assert opened[-1].get_json()["error"] == "ASSEMBLY_SATURATED"
    assert open_part(engine, engine.assembly(auth={"max_size": 10}), 11).status_code == 413


def test_number_of_parts_is_limited(engine: TestEngine) -> None:
    """T15"""
    assembly = engine.assembly()

    codes = {open_part(engine, assembly, 0).status_code for _ in range(2 * MOST_PARTS)}

    assert codes == {201}
    assert open_part(engine, assembly, 0).get_json()["error"] == "ASSEMBLY_SATURATED"


def test_part_must_declare_its_length(engine: TestEngine) -> None:
    assembly = engine.assembly()
    headers = {**engine.tus, "Upload-Concat": "partial", "Upload-Defer-Length": "1"}

    assert engine.client.post(urlsplit(assembly["tus_url"]).path, headers=headers).status_code == 400


def test_part_without_metadata_or_assembly_is_refused(engine: TestEngine) -> None:
    """T15"""
    headers = {**engine.tus, "Upload-Concat": "partial", "Upload-Length": "4"}

    assert engine.client.post("/resumable/files/", headers=headers).status_code == 400


def test_metadata_cannot_name_another_assembly_than_the_address(engine: TestEngine) -> None:
    """T12"""
    mine, other = engine.assembly(), engine.assembly()

    metadata = upload_metadata(other["assembly_url"])
    response = open_part(engine, mine, 4, Upload_Metadata=metadata, Upload_Concat="")

    assert response.status_code == 400
    assert engine.status(other)["started_tus_uploads"] == 0


def test_parts_survive_a_restart(tmp_path: Path) -> None:
    engine = open_test_engine(tmp_path)
    assembly = engine.assembly()
    parts = [part(engine, assembly, b"meow"), open_part(engine, assembly, 4).headers["Location"]]
    engine.close()

    again = open_test_engine(tmp_path, engine.clock)

    assert again.patch(urlsplit(parts[1]).path, b"purr").status_code == 204
    assert join(again, assembly, *parts).status_code == 201
    again.work()
    assert again.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    again.close()


def test_part_whose_worker_died_after_the_last_byte_is_finished_at_the_next_start(engine: TestEngine) -> None:
    """F03"""
    assembly = engine.assembly()
    url = urlsplit(open_part(engine, assembly, 4).headers["Location"]).path
    engine.uploads.files.path(url.rsplit("/", 1)[1]).write_bytes(b"meow")

    engine.uploads.finish_whole()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_UPLOADING"
    assert join(engine, assembly, url).status_code == 201


def test_full_disk_keeps_the_parts(engine: TestEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """F15"""
    assembly = engine.assembly()
    parts = [part(engine, assembly, body) for body in (b"meow", b"purr")]
    monkeypatch.setattr(shutil, "copyfileobj", disk_is_full)

    response = join(engine, assembly, *parts)

    assert response.status_code == 507
    assert len(files_below(engine.settings.uploads_dir)) == 2
    monkeypatch.undo()
    assert join(engine, assembly, *parts).status_code == 201


def disk_is_full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_extension_is_offered_at_both_addresses(engine: TestEngine) -> None:
    for url in ("/resumable/files/", urlsplit(engine.assembly()["tus_url"]).path):
        answer = engine.client.options(url)

        offered = answer.headers["Tus-Extension"].split(",")
        assert "concatenation" in offered
        assert "concatenation-unfinished" not in offered
        assert "Upload-Concat" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    "address",
    [f"http://cats.example/engine/resumable/files/{STRANGER}", f"/resumable/files/{STRANGER}/"],
)
def test_address_of_a_part_may_be_absolute_or_relative(address: str) -> None:
    assert read_parts(f"final;{address}") == [STRANGER]


def test_more_parts_than_a_file_may_have_are_refused_by_the_header_alone() -> None:
    """T15"""
    with pytest.raises(TusError, match="64"):
        read_parts("final;" + " ".join(f"/resumable/files/{'0' * 32}_{number:032x}" for number in range(65)))
