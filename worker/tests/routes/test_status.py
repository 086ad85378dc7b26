"""GET and DELETE of an assembly, and the addresses around it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from servers.sdk_schema import complaints

from cattube_worker.assemblies.model import PROBE, WORK
from cattube_worker.database import Database
from cattube_worker.version import VERSION

from ..conftest import STORE_ORIGINAL, TestEngine, files_below

ALWAYS = {
    "http_code", "message", "assembly_id", "assembly_url", "assembly_ssl_url", "websocket_url",
    "update_stream_url", "tus_url", "bytes_received", "bytes_expected", "upload_duration", "start_date",
    "upload_meta_data_extracted", "warnings", "is_infinite", "has_dupe_jobs", "queue_duration",
    "jobs_queue_duration", "fields", "running_jobs", "executing_jobs", "started_jobs", "num_input_files",
    "uploads", "results", "expected_tus_uploads", "started_tus_uploads", "finished_tus_uploads",
    "tus_uploads",
}  # fmt: skip
NEVER_NULL = ALWAYS | {"error", "info", "region", "build_id", "usage_tags", "instance"}


def check_shape(status: dict[str, object]) -> None:
    assert status.keys() >= ALWAYS
    assert not [name for name in NEVER_NULL & status.keys() if status[name] is None]
    assert ("error" in status) != ("ok" in status)


def test_status_keeps_its_shape_through_the_life_of_an_assembly(engine: TestEngine) -> None:
    assembly = engine.assembly(steps=STORE_ORIGINAL)
    upload = engine.open_upload(assembly, 4)
    check_shape(engine.status(assembly))

    engine.patch(upload, b"meow")
    executing = engine.status(assembly)
    engine.work()
    completed = engine.status(assembly)

    check_shape(executing)
    check_shape(completed)
    assert (executing["ok"], completed["ok"]) == ("ASSEMBLY_EXECUTING", "ASSEMBLY_COMPLETED")
    assert executing["progress_combined"] == 0
    assert completed["upload_meta_data_extracted"] is True


def test_stored_upload_is_a_result_under_original_with_an_address_of_its_own(engine: TestEngine) -> None:
    assembly = engine.assembly(steps=STORE_ORIGINAL)
    engine.upload(assembly, b"meow", filename="my cat.txt")
    engine.work()

    result = engine.status(assembly)["results"][":original"][0]

    key = f":original/{assembly['assembly_id']}/"
    assert [path for path in files_below(engine.settings.bucket_dir) if path.startswith(key)]
    assert result["url"].startswith(f"http://localhost/files/%3Aoriginal/{assembly['assembly_id']}/")
    assert result["is_temp_url"] is False


def test_d46_address_of_a_stored_file_carries_no_permission(engine: TestEngine) -> None:
    """The bucket is its owner's: whoever reads a status has no right yet to what lies there."""
    assembly = engine.assembly(steps=STORE_ORIGINAL)
    engine.upload(assembly, b"meow")
    engine.work()

    status = engine.status(assembly)
    refusal = engine.get(status["results"][":original"][0]["url"])

    assert status["uploads"][0]["url"] == status["results"][":original"][0]["url"]
    assert refusal.status_code == 403
    assert "sign_urls_for" in refusal.get_json()["message"]


def test_upload_that_is_stored_can_be_seen_as_long_as_it_is_worked_on(engine: TestEngine) -> None:
    """The uploader's page shows it."""
    later = {"robot": "/file/filter", "use": ":original", "queue": "batch", "accepts": []}
    assembly = engine.assembly(steps={**STORE_ORIGINAL, "later": later})
    engine.upload(assembly, b"meow")
    for queue in (PROBE, WORK):
        assert engine.runner(queue).run_once()

    upload = engine.status(assembly)["uploads"][0]

    assert upload["is_temp_url"] is True
    assert engine.get(upload["url"]).data == b"meow"


def test_nothing_is_left_behind_when_all_was_stored(engine: TestEngine) -> None:
    assembly = engine.assembly(steps=STORE_ORIGINAL)
    engine.upload(assembly, b"meow")
    engine.work()

    settings = engine.settings
    assert files_below(settings.tmp_dir) == files_below(settings.uploads_dir) == []
    assert list(settings.tmp_dir.iterdir()) == list(settings.uploads_dir.iterdir()) == []
    assert len(files_below(settings.bucket_dir)) == 1


@pytest.mark.parametrize(
    "path", ["/assemblies/nope", "/assemblies/" + "G" * 32, "/nowhere", "/assemblies/../x"]
)
def test_unknown_address_is_not_found_in_json(engine: TestEngine, path: str) -> None:
    """W18"""
    response = engine.client.get(path)

    assert response.status_code == 404
    assert (response.get_json()["error"], response.get_json()["http_code"]) == ("SERVER_404", 404)


def test_unknown_assembly_is_not_found(engine: TestEngine) -> None:
    """W18"""
    response = engine.client.get(f"/assemblies/{'0' * 32}")

    assert (response.status_code, response.get_json()["error"]) == (404, "ASSEMBLY_NOT_FOUND")


def test_poll_is_never_answered_by_a_server_error(engine: TestEngine, tmp_path: Path) -> None:
    """W22, F14"""
    assembly = engine.assembly()
    engine.close()
    gone = tmp_path / "gone"
    gone.mkdir()
    vars(engine.database).update(vars(Database(f"sqlite:///{gone}/worker.sqlite3")))
    shutil.rmtree(gone)

    response = engine.client.get(f"/assemblies/{assembly['assembly_id']}")

    assert (response.status_code, response.headers["Retry-After"]) == (429, "2")
    assert response.get_json()["assembly_ssl_url"] == assembly["assembly_ssl_url"]
    assert engine.create().status_code == 503


def test_cancel_while_uploading_ends_it_for_good(engine: TestEngine) -> None:
    """W20"""
    assembly = engine.assembly(steps=STORE_ORIGINAL)
    engine.open_upload(assembly, 4)

    answer = engine.client.delete(f"/assemblies/{assembly['assembly_id']}")
    engine.work()

    assert answer.get_json()["ok"] == engine.status(assembly)["ok"] == "ASSEMBLY_CANCELED"
    assert list(engine.settings.uploads_dir.iterdir()) == []


def test_cancel_before_the_jobs_ran_leaves_nothing_in_the_bucket(engine: TestEngine) -> None:
    """W20"""
    assembly = engine.assembly(steps=STORE_ORIGINAL)
    engine.upload(assembly, b"meow")

    engine.client.delete(f"/assemblies/{assembly['assembly_id']}")
    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_CANCELED"
    assert files_below(engine.settings.bucket_dir) == []


def test_cancel_of_an_ended_assembly_answers_so_and_changes_nothing(engine: TestEngine) -> None:
    """W07"""
    assembly = engine.assembly(expected=0)

    answer = engine.client.delete(f"/assemblies/{assembly['assembly_id']}", data=engine.signed({}))

    assert answer.get_json()["ok"] == "ASSEMBLY_CANCELED"
    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


@pytest.mark.parametrize("encoding", ["multipart/form-data", "application/x-www-form-urlencoded", None])
def test_cancel_takes_either_body_encoding_or_none(engine: TestEngine, encoding: str | None) -> None:
    assembly = engine.assembly()
    body: dict[str, Any] = {"data": engine.signed({}), "content_type": encoding} if encoding else {}

    answer = engine.client.delete(f"/assemblies/{assembly['assembly_id']}", **body)

    assert answer.get_json()["ok"] == engine.status(assembly)["ok"] == "ASSEMBLY_CANCELED"


def test_root_says_that_this_is_a_server(engine: TestEngine) -> None:
    assert engine.client.get("/").get_json()["ok"] == "SERVER_ROOT"


def test_health_names_what_is_degraded(engine: TestEngine) -> None:
    health = engine.client.get("/healthz").get_json()
    assert (health["ok"], health["degraded"], health["version"]) == (True, {}, VERSION)
    engine.settings.bucket_dir.rmdir()

    response = engine.client.get("/healthz")

    assert response.status_code == 200
    assert list(response.get_json()["degraded"]) == ["bucket"]


def test_any_page_may_ask_but_never_with_credentials(engine: TestEngine) -> None:
    """W24"""
    headers = {"Origin": "https://evil.test", "Access-Control-Request-Method": "PATCH"}

    for path in ("/assemblies", "/resumable/files/", "/events"):
        response = engine.client.options(path, headers=headers)

        assert response.status_code in (200, 204)
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response.headers
        assert "Upload-Metadata" in response.headers["Access-Control-Allow-Headers"]
    assert "Upload-Offset" in response.headers["Access-Control-Expose-Headers"]


def test_secrets_appear_in_no_status(engine: TestEngine) -> None:
    """W23"""
    assembly = engine.assembly(steps=STORE_ORIGINAL)
    engine.upload(assembly, b"meow")
    engine.work()

    response = engine.client.get(f"/assemblies/{assembly['assembly_id']}")

    assert b"a secret for tests" not in response.data
    assert str(engine.settings.cattube_data).encode() not in response.data


def test_t50_file_of_no_known_kind_has_a_type_that_old_clients_take(engine: TestEngine) -> None:
    assembly = engine.assembly()
    engine.upload(assembly, b"", filename="nothing")
    engine.work()

    status = engine.status(assembly)

    assert (status["uploads"][0]["mime"], status["uploads"][0]["type"]) == ("application/octet-stream", None)
    assert complaints([status]) == []
