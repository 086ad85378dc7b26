"""Files that come from addresses in the web."""

from __future__ import annotations

import threading

import pytest

from cattube_worker.robots.http_import.robot import HttpImport

from ....conftest import TestEngine, files_below
from .conftest import RemoteServer, imported, importing

MIB = 2**20


def test_an_assembly_of_imports_executes_at_once(engine: TestEngine, remote: RemoteServer) -> None:
    assembly = engine.assembly(expected=0, steps=importing(f"{remote.url}/pets/My%20cat.txt"))
    assert assembly["ok"] == "ASSEMBLY_EXECUTING"

    engine.work()

    status = engine.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert status["uploads"] == []
    (file,) = status["results"]["imported"]
    assert (file["name"], file["size"], file["original_id"]) == ("My cat.txt", 4, file["id"])
    assert file["import_url"] == f"{remote.url}/pets/My%20cat.txt"
    assert engine.get(file["ssl_url"]).data == b"meow"


def test_what_is_imported_can_be_stored(engine: TestEngine, remote: RemoteServer) -> None:
    store = {"robot": "/s3/store", "use": "imported", "credentials": "cattube", "path": "${file.name}"}

    status = imported(
        engine, {**importing("${fields.from}/pets/My%20cat.txt"), "kept": store}, fields={"from": remote.url}
    )

    assert status["ok"] == "ASSEMBLY_COMPLETED", status["message"]
    assert files_below(engine.settings.bucket_dir) == ["My cat.txt"]


def test_several_addresses_give_several_files_under_the_names_asked_for(
    engine: TestEngine, remote: RemoteServer
) -> None:
    remote.answers["/"] = (
        200,
        {"Content-Disposition": "attachment; filename*=UTF-8''K%C3%A4tzchen.txt"},
        b"m",
    )

    status = imported(
        engine, importing(f"{remote.url}/pets/My%20cat.txt|{remote.url}/", force_name=["first.txt"])
    )

    assert [file["name"] for file in status["results"]["imported"]] == ["first.txt", "Kätzchen.txt"]


def test_headers_go_to_the_host_they_were_written_for_alone(engine: TestEngine, remote: RemoteServer) -> None:
    elsewhere = remote.url.replace("127.0.0.1", "localhost")
    remote.answers["/moved"] = (302, {"Location": f"{elsewhere}/pets/My%20cat.txt"}, b"")

    imported(engine, importing(f"{remote.url}/moved", headers=["Authorization: Bearer canary"]))

    (_, first), (_, second) = remote.asked
    assert first["Authorization"] == "Bearer canary"
    assert "Authorization" not in second


def test_an_import_that_may_fail_does_not_end_the_assembly(engine: TestEngine, remote: RemoteServer) -> None:
    status = imported(engine, importing(f"{remote.url}/gone", ignore_errors=["import"]))

    assert status["ok"] == "ASSEMBLY_COMPLETED"
    (ignored,) = status["ignored_errors"]
    assert (ignored["step"], ignored["phase"]) == ("imported", "import")


@pytest.mark.parametrize(
    "headers",
    [["A: b", "C: d"], [{"A": "b"}, {"C": "d"}], {"A": "b", "C": "d"}, '{"A": "b", "C": "d"}'],
)
def test_headers_may_be_written_in_many_ways(headers: object) -> None:
    robot = HttpImport.model_validate({"url": "http://x/", "headers": headers})

    assert dict(robot.headers) == {"A": "b", "C": "d"}


def test_headers_may_come_from_stored_credentials(engine: TestEngine, remote: RemoteServer) -> None:
    engine.store_credentials("remote", "http", headers=["X-Key: canary", "X-Who: remote"])

    imported(
        engine, importing(f"{remote.url}/pets/My%20cat.txt", credentials="remote", headers={"X-Who": "alice"})
    )

    ((_, headers),) = remote.asked
    assert (headers["X-Key"], headers["X-Who"]) == ("canary", "alice")


def test_with_fail_fast_nothing_is_tried_again(engine: TestEngine, remote: RemoteServer) -> None:
    remote.answers["/x"] = (503, {}, b"")

    status = imported(engine, importing(f"{remote.url}/x", fail_fast=True))

    assert status["error"] == "HTTP_IMPORT_FAILURE"
    assert len(remote.asked) == 1


def test_addresses_may_come_as_a_list_of_lists(engine: TestEngine, remote: RemoteServer) -> None:
    for path in "abc":
        remote.answers[f"/{path}"] = (200, {}, b"meow")

    urls = [f"{remote.url}/a;{remote.url}/b", f"{remote.url}/c"]
    status = imported(engine, importing(urls, url_delimiter=";"))

    assert [file["name"] for file in status["results"]["imported"]] == ["a", "b", "c"]


def test_what_comes_from_elsewhere_does_not_wait_for_uploads(
    engine: TestEngine, remote: RemoteServer
) -> None:
    steps = {
        **importing(f"{remote.url}/pets/My%20cat.txt"),
        "passed": {"robot": "/file/filter", "use": [":original", "imported"]},
    }
    assembly = engine.assembly(steps=steps)

    engine.work()

    assert remote.paths == ["/pets/My%20cat.txt"]
    assert engine.status(assembly)["ok"] == "ASSEMBLY_UPLOADING"
    engine.upload(assembly, b"purr", filename="own.txt")
    engine.work()
    status = engine.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert len(remote.asked) == 1
    assert {file["name"] for file in status["results"]["passed"]} == {"own.txt", "My cat.txt"}


def test_an_import_that_fails_ends_the_assembly_before_its_uploads_are_done(
    engine: TestEngine, remote: RemoteServer
) -> None:
    assembly = engine.assembly(steps=importing(f"{remote.url}/gone"))

    engine.work()

    assert engine.status(assembly)["error"] == "HTTP_IMPORT_NOT_FOUND"


def test_a_slow_import_ends_when_its_assembly_is_cancelled(engine: TestEngine, remote: RemoteServer) -> None:
    asked, release = remote.hang("/slow")
    assembly = engine.assembly(expected=0, steps=importing(f"{remote.url}/slow"))
    worker = threading.Thread(target=engine.work)
    worker.start()
    try:
        assert asked.wait(120)

        engine.client.delete(f"/assemblies/{assembly['assembly_id']}")
        worker.join(30)

        assert not worker.is_alive()
    finally:
        release.set()
    assert engine.status(assembly)["ok"] == "ASSEMBLY_CANCELED"
    assert files_below(engine.settings.tmp_dir) == []
