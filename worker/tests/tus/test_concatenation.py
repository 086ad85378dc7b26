"""The concatenation extension of tus: files sent in parts side by side."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from cattube_worker.execution import cleanup
from cattube_worker.tus.concatenation import MOST_PARTS, read_parts
from cattube_worker.tus.protocol import TusError

from ..conftest import House, files_below, open_house, upload_metadata

STRANGER = f"{'0' * 32}_{'0' * 32}"


def open_part(house: House, assembly: dict[str, Any], size: object, **headers: str) -> TestResponse:
    """As tus-js-client does: a part carries no metadata."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    usual = {**house.tus, "Upload-Concat": "partial", "Upload-Length": str(size)}
    return house.client.post(urlsplit(assembly["tus_url"]).path, headers={**usual, **given})


def part(house: House, assembly: dict[str, Any], body: bytes) -> str:
    """The address of a part that has arrived."""
    response = open_part(house, assembly, len(body))
    assert response.status_code == 201, response.json
    url = response.headers["Location"]
    assert house.patch(urlsplit(url).path, body).status_code == 204
    return url


def join(house: House, assembly: dict[str, Any], *parts: str, **headers: str) -> TestResponse:
    return house.client.post(
        urlsplit(assembly["tus_url"]).path,
        headers={
            **house.tus,
            "Upload-Concat": f"final;{' '.join(parts)}",
            "Upload-Metadata": upload_metadata(assembly["assembly_url"]),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
    )


def test_file_sent_in_parts_is_one_file(house: House) -> None:
    assembly = house.assembly()
    parts = [part(house, assembly, body) for body in (b"meow", b"purr", b"hiss")]
    before = house.status(assembly)

    response = join(house, assembly, *parts)
    house.work()

    assert (before["ok"], before["num_input_files"]) == ("ASSEMBLY_UPLOADING", 0)
    assert (response.status_code, response.headers["Upload-Offset"]) == (201, "12")
    status = house.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert [each["upload_url"] for each in status["tus_uploads"]] == [response.headers["Location"]]
    assert [each["name"] for each in status["uploads"]] == ["cat.txt"]
    assert house.get(status["uploads"][0]["url"]).data == b"meowpurrhiss"


def test_parts_are_joined_in_the_order_that_was_asked_for(house: House) -> None:
    assembly = house.assembly()
    late, early = part(house, assembly, b"purr"), part(house, assembly, b"meow")

    join(house, assembly, early, urlsplit(late).path)
    house.work()

    assert house.get(house.status(assembly)["uploads"][0]["url"]).data == b"meowpurr"


def test_parts_are_gone_when_they_are_joined(house: House) -> None:
    assembly = house.assembly()
    parts = [part(house, assembly, body) for body in (b"meow", b"purr")]

    whole = join(house, assembly, *parts).headers["Location"]

    assert [house.head(urlsplit(each).path).status_code for each in parts] == [404, 404]
    uploads = house.engine.settings.uploads_dir
    assert [each.rsplit("/", 1)[1] for each in files_below(uploads)] == [whole.rsplit("/", 1)[1]]


def test_question_tells_what_an_upload_is(house: House) -> None:
    assembly = house.assembly()
    first, second = part(house, assembly, b"meow"), part(house, assembly, b"purr")

    asked = house.head(urlsplit(first).path).headers
    whole = house.head(urlsplit(join(house, assembly, first, second).headers["Location"]).path).headers

    assert (asked["Upload-Concat"], asked["Upload-Offset"], asked["Upload-Length"]) == ("partial", "4", "4")
    assert whole["Upload-Concat"] == f"final;{first} {second}"
    assert (whole["Upload-Offset"], whole["Upload-Length"]) == ("8", "8")


def test_part_may_stop_and_go_on(house: House) -> None:
    assembly = house.assembly()
    url = urlsplit(open_part(house, assembly, 8).headers["Location"]).path
    house.patch(url, b"meow")

    assert house.head(url).headers["Upload-Offset"] == "4"
    assert house.patch(url, b"purr", 4).status_code == 204
    assert join(house, assembly, url).status_code == 201


def test_second_request_to_join_has_the_first_one_s_answer(house: House) -> None:
    """T16"""
    assembly = house.assembly()
    parts = [part(house, assembly, body) for body in (b"meow", b"purr")]
    first = join(house, assembly, *parts)

    second = join(house, assembly, *parts)

    assert (second.status_code, second.headers["Location"]) == (201, first.headers["Location"])
    assert house.status(assembly)["started_tus_uploads"] == 1


def test_joined_upload_takes_no_bytes(house: House) -> None:
    assembly = house.assembly(expected=2)
    whole = urlsplit(join(house, assembly, part(house, assembly, b"meow")).headers["Location"]).path

    assert house.patch(whole, b"purr", 4).status_code == 403
    assert house.head(whole).headers["Upload-Offset"] == "4"


def test_part_may_be_given_up_even_when_it_is_complete(house: House) -> None:
    """tus-js-client does so when somebody cancels."""
    assembly = house.assembly()
    url = urlsplit(part(house, assembly, b"meow")).path

    assert house.client.delete(url, headers=house.tus).status_code == 204

    assert house.head(url).status_code == 404
    assert files_below(house.engine.settings.uploads_dir) == []


def test_cancelled_assembly_takes_its_parts_with_it(house: House) -> None:
    assembly = house.assembly()
    url = part(house, assembly, b"meow")

    house.client.delete(f"/assemblies/{assembly['assembly_id']}")
    house.work()

    assert join(house, assembly, url).status_code == 400
    assert files_below(house.engine.settings.uploads_dir) == []


def unfinished(house: House, assembly: dict[str, Any]) -> list[str]:
    return [part(house, assembly, b"meow"), open_part(house, assembly, 4).headers["Location"]]


def foreign(house: House, _: dict[str, Any]) -> list[str]:
    return [part(house, house.assembly(), b"meow")]


def no_part(house: House, assembly: dict[str, Any]) -> list[str]:
    return [house.upload(assembly, b"meow")]


def twice(house: House, assembly: dict[str, Any]) -> list[str]:
    return [part(house, assembly, b"meow")] * 2


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
    house: House, parts: Callable[[House, dict[str, Any]], list[str]], status: int
) -> None:
    """T14, T15"""
    assembly = house.assembly(expected=2)

    response = join(house, assembly, *parts(house, assembly))

    assert response.status_code == status
    assert "Location" not in response.headers
    assert house.status(assembly)["ok"] == "ASSEMBLY_UPLOADING"


def test_part_that_is_not_there_is_not_found(house: House) -> None:
    """T15"""
    assembly = house.assembly()

    response = join(house, assembly, f"/resumable/files/{assembly['assembly_id']}_{'0' * 32}")

    assert response.status_code == 404


@pytest.mark.parametrize("concat", ["whole", "final", "partial; ", "PARTIAL"])
def test_header_that_says_something_else_is_refused(house: House, concat: str) -> None:
    """T15"""
    assert open_part(house, house.assembly(), 4, Upload_Concat=concat).status_code == 400


def test_parts_together_may_not_be_larger_than_the_file(house: House) -> None:
    """T15"""
    assembly = house.assembly(auth={"max_size": 7})
    parts = [part(house, assembly, b"meow"), part(house, assembly, b"purr")]

    response = join(house, assembly, *parts)

    assert (response.status_code, response.get_json()["error"]) == (413, "MAX_SIZE_EXCEEDED")
    assert house.status(assembly)["started_tus_uploads"] == 0


def test_parts_cannot_fill_the_disk(house: House) -> None:
    """T15"""
    assembly = house.assembly(auth={"max_size": 10})
    opened = [open_part(house, assembly, 10) for _ in range(3)]

    assert [response.status_code for response in opened] == [201, 201, 400]
    assert opened[-1].get_json()["error"] == "ASSEMBLY_SATURATED"
    assert open_part(house, house.assembly(auth={"max_size": 10}), 11).status_code == 413


def test_there_is_an_end_to_the_number_of_parts(house: House) -> None:
    """T15"""
    assembly = house.assembly()

    codes = {open_part(house, assembly, 0).status_code for _ in range(2 * MOST_PARTS)}

    assert codes == {201}
    assert open_part(house, assembly, 0).get_json()["error"] == "ASSEMBLY_SATURATED"


def test_part_must_say_its_length(house: House) -> None:
    assembly = house.assembly()
    headers = {**house.tus, "Upload-Concat": "partial", "Upload-Defer-Length": "1"}

    assert house.client.post(urlsplit(assembly["tus_url"]).path, headers=headers).status_code == 400


def test_part_without_metadata_or_assembly_has_no_home(house: House) -> None:
    """T15"""
    headers = {**house.tus, "Upload-Concat": "partial", "Upload-Length": "4"}

    assert house.client.post("/resumable/files/", headers=headers).status_code == 400


def test_metadata_cannot_name_another_assembly_than_the_address(house: House) -> None:
    """T12"""
    mine, other = house.assembly(), house.assembly()

    metadata = upload_metadata(other["assembly_url"])
    response = open_part(house, mine, 4, Upload_Metadata=metadata, Upload_Concat="")

    assert response.status_code == 400
    assert house.status(other)["started_tus_uploads"] == 0


def test_parts_survive_a_new_start(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    assembly = house.assembly()
    parts = [part(house, assembly, b"meow"), open_part(house, assembly, 4).headers["Location"]]
    house.engine.database.close()

    again = open_house(tmp_path, house.clock)

    assert again.patch(urlsplit(parts[1]).path, b"purr").status_code == 204
    assert join(again, assembly, *parts).status_code == 201
    again.work()
    assert again.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    again.engine.database.close()


def test_part_whose_worker_died_after_the_last_byte_is_finished_at_the_next_start(house: House) -> None:
    """F03"""
    assembly = house.assembly()
    url = urlsplit(open_part(house, assembly, 4).headers["Location"]).path
    house.engine.upload_files.path(url.rsplit("/", 1)[1]).write_bytes(b"meow")

    cleanup.finish_whole_uploads(house.engine)

    assert house.status(assembly)["ok"] == "ASSEMBLY_UPLOADING"
    assert join(house, assembly, url).status_code == 201


def test_full_disk_keeps_the_parts(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """F15"""
    assembly = house.assembly()
    parts = [part(house, assembly, body) for body in (b"meow", b"purr")]
    monkeypatch.setattr(shutil, "copyfileobj", disk_is_full)

    response = join(house, assembly, *parts)

    assert response.status_code == 507
    assert len(files_below(house.engine.settings.uploads_dir)) == 2
    monkeypatch.undo()
    assert join(house, assembly, *parts).status_code == 201


def disk_is_full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_extension_is_offered_at_both_addresses(house: House) -> None:
    for url in ("/resumable/files/", urlsplit(house.assembly()["tus_url"]).path):
        answer = house.client.options(url)

        offered = answer.headers["Tus-Extension"].split(",")
        assert "concatenation" in offered
        assert "concatenation-unfinished" not in offered
        assert "Upload-Concat" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    "address",
    [f"http://cats.example/engine/resumable/files/{STRANGER}", f"/resumable/files/{STRANGER}/"],
)
def test_address_of_a_part_may_be_written_in_any_way(address: str) -> None:
    assert read_parts(f"final;{address}") == [STRANGER]


def test_more_parts_than_a_file_may_have_are_not_even_looked_for() -> None:
    """T15"""
    with pytest.raises(TusError, match="64"):
        read_parts("final;" + " ".join(f"/resumable/files/{'0' * 32}_{each:032x}" for each in range(65)))
