"""/template_credentials: kept encrypted, shown to their owner alone, used by steps."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from cattube_worker.storage import Stores
from cattube_worker.storage.local import LocalStore

from ...conftest import STORE_ORIGINAL, TestEngine, open_test_engine

CANARY = "a-key-nobody-may-see"
S3 = {"name": "my-bucket", "type": "s3", "content": {"key": "k", "secret": CANARY, "bucket": "b"}}
STORE_TO_MINE = {
    **STORE_ORIGINAL,
    "exported": {"robot": "/s3/store", "use": ":original", "credentials": "my-bucket", "path": "cat"},
}


def post(engine: TestEngine, **document: Any) -> TestResponse:
    return engine.client.post("/template_credentials", data=engine.signed({**S3, **document}))


def show(engine: TestEngine, wanted: str) -> TestResponse:
    return engine.client.get(f"/template_credentials/{wanted}", query_string=engine.signed({}))


def listed(engine: TestEngine, **document: Any) -> list[str]:
    answer = engine.client.get("/template_credentials", query_string=engine.signed(document)).get_json()
    assert answer["ok"] == "TEMPLATE_CREDENTIALS_FOUND"
    return [credential["name"] for credential in answer["credentials"]]


def test_stored_credentials_are_read_by_id_and_by_name(engine: TestEngine) -> None:
    created = post(engine).get_json()

    assert created["ok"] == "TEMPLATE_CREDENTIALS_CREATED"
    for wanted in (created["credential"]["id"], "my-bucket"):
        found = show(engine, wanted).get_json()
        assert found["ok"] == "TEMPLATE_CREDENTIALS_READ"
        assert found["credential"] == created["credential"]
    assert created["credential"]["content"] == S3["content"]


@pytest.mark.parametrize("encoding", ["multipart/form-data", "application/x-www-form-urlencoded"])
def test_credentials_are_changed_and_removed_by_either_body_encoding(
    engine: TestEngine, encoding: str
) -> None:
    path = f"/template_credentials/{post(engine).get_json()['credential']['id']}"
    new = {"name": "other", "type": "http", "content": {"headers": "x: y"}}

    updated = engine.client.put(path, data=engine.signed(new), content_type=encoding).get_json()
    deleted = engine.client.delete(path, data=engine.signed({}), content_type=encoding).get_json()

    assert updated["ok"] == "TEMPLATE_CREDENTIALS_UPDATED"
    assert {key: updated["credential"][key] for key in new} == new
    assert deleted["ok"] == "TEMPLATE_CREDENTIALS_DELETED"
    gone = show(engine, "other")
    assert (gone.status_code, gone.get_json()["error"]) == (400, "TEMPLATE_CREDENTIALS_NOT_READ")
    for ask, code in ((engine.client.put, "NOT_UPDATED"), (engine.client.delete, "NOT_DELETED")):
        answer = ask(path, data=engine.signed(new))
        assert (answer.status_code, answer.get_json()["error"]) == (400, f"TEMPLATE_CREDENTIALS_{code}")


def test_list_has_pages_that_end(engine: TestEngine) -> None:
    """The npm SDK's stream asks for page after page until one is empty."""
    for name in ("one", "two", "three"):
        post(engine, name=name)
        engine.clock.advance(1)

    pages = [listed(engine, pagesize=2, page=page) for page in (1, 2, 3)]

    assert pages == [["three", "two"], ["one"], []]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param({"sort": "name", "order": "asc"}, ["cats", "dogs"], id="sort"),
        pytest.param({"keywords": "CAT"}, ["cats"], id="keyword"),
        pytest.param({"keywords": ["http", "cat"]}, ["dogs", "cats"], id="kind"),
        pytest.param({"fromdate": "2027-01-15 08:00:10"}, ["dogs"], id="from"),
        pytest.param({"todate": "2027-01-15 08:00:09"}, ["cats"], id="to"),
    ],
)
def test_list_is_narrowed(engine: TestEngine, asked: dict[str, Any], found: list[str]) -> None:
    post(engine, name="cats")
    engine.clock.advance(10)
    post(engine, name="dogs", type="http", content={"headers": "x: y"})

    assert listed(engine, **asked) == found


def test_list_nobody_can_make_is_refused(engine: TestEngine) -> None:
    answer = engine.client.get("/template_credentials", query_string=engine.signed({"sort": "smell"}))

    assert (answer.status_code, answer.get_json()["error"]) == (400, "TEMPLATE_CREDENTIALS_NOT_FOUND")


def test_list_is_in_order_of_making(engine: TestEngine) -> None:
    for name in ("one", "two"):
        post(engine, name=name)
        engine.clock.advance(1)

    assert (listed(engine, order="asc"), listed(engine)) == (["one", "two"], ["two", "one"])


def test_types_are_told(engine: TestEngine) -> None:
    answer = engine.client.get("/template_credentials/types", query_string=engine.signed({})).get_json()

    assert answer["ok"] == "TEMPLATE_CREDENTIALS_TYPES_FOUND"
    assert {"s3", "backblaze", "http"} <= set(answer["credential_types"])


@pytest.mark.parametrize(
    "document",
    [{"name": ""}, {"name": None}, {"type": "paper"}, {"type": []}, {"content": "text"}, {"content": {}}],
    ids=repr,
)
def test_credentials_that_make_no_sense_are_refused(engine: TestEngine, document: dict[str, Any]) -> None:
    response = post(engine, **document)

    assert (response.status_code, response.get_json()["error"]) == (400, "TEMPLATE_CREDENTIALS_NOT_CREATED")
    assert CANARY not in response.text


def test_name_means_one_set_of_credentials_only(engine: TestEngine) -> None:
    post(engine)
    other = post(engine, name="other").get_json()["credential"]

    again = post(engine)
    renamed = engine.client.put(f"/template_credentials/{other['id']}", data=engine.signed(S3))

    assert again.get_json()["error"] == "TEMPLATE_CREDENTIALS_NOT_CREATED"
    assert renamed.get_json()["error"] == "TEMPLATE_CREDENTIALS_NOT_UPDATED"


def test_content_is_encrypted_at_rest(engine: TestEngine) -> None:
    """W23"""
    post(engine)
    with engine.database.read() as session:
        rows = str(session.execute(text("SELECT * FROM template_credentials")).all())
    engine.close()

    files = [path for path in engine.settings.cattube_data.rglob("*") if path.is_file()]

    assert "my-bucket" in rows
    assert CANARY not in rows
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]


def test_content_stored_under_another_secret_is_not_read_and_breaks_nothing_else(tmp_path: Path) -> None:
    first = open_test_engine(tmp_path)
    post(first)
    first.close()
    engine = open_test_engine(tmp_path, engine_secret="another secret")

    form = engine.signed({})
    answer = engine.client.get("/template_credentials/my-bucket", query_string=form)

    assert (answer.status_code, answer.get_json()["error"]) == (400, "TEMPLATE_CREDENTIALS_NOT_READ")
    assert engine.client.delete("/template_credentials/my-bucket", data=form).status_code == 200
    engine.close()


def test_d50_credentials_outlive_a_new_secret_of_the_account(tmp_path: Path) -> None:
    first = open_test_engine(tmp_path)
    post(first)
    first.close()
    engine = open_test_engine(tmp_path, transloadit_secret="another secret")

    form = engine.signed({}, secret="another secret")
    answer = engine.client.get("/template_credentials/my-bucket", query_string=form)

    assert answer.status_code == 200, answer.get_json()
    engine.close()


def test_step_stores_with_the_credentials_it_names(engine: TestEngine, tmp_path: Path) -> None:
    """W23"""
    opened: list[Any] = []

    def open_store(content: Any) -> LocalStore:
        opened.append(content)
        return LocalStore(tmp_path / "foreign", lambda key, _: f"https://bucket.example/{key}")

    stores = Stores({}, engine.parts.files.resources.stores.look_up, {"s3": open_store})
    engine.use_stores(stores)
    post(engine)
    assembly = engine.assembly(steps=STORE_TO_MINE)
    engine.upload(assembly, b"meow")
    engine.work()

    status = engine.client.get(f"/assemblies/{assembly['assembly_id']}")

    assert status.get_json()["ok"] == "ASSEMBLY_COMPLETED"
    assert (tmp_path / "foreign" / "cat").read_bytes() == b"meow"
    assert opened == [S3["content"]]
    assert CANARY not in status.text


@pytest.mark.parametrize("stored", ["none any more", "of another service"])
def test_step_whose_credentials_cannot_be_used_fails_the_assembly(engine: TestEngine, stored: str) -> None:
    post(engine, type="dropbox" if stored == "of another service" else "s3")
    assembly = engine.assembly(steps=STORE_TO_MINE)
    if stored == "none any more":
        engine.delete_credentials("my-bucket")
    engine.upload(assembly, b"meow")
    engine.work()

    status = engine.status(assembly)

    assert (status["error"], status["step"]) == ("TEMPLATE_CREDENTIALS_INJECTION_ERROR", "exported")


@pytest.mark.parametrize("with_file", [False, True], ids=["fields alone", "with a file"])
def test_t56_credentials_that_are_not_stored_are_refused_at_creation(
    engine: TestEngine, with_file: bool
) -> None:
    form: dict[str, Any] = engine.signed({"steps": STORE_TO_MINE})
    if with_file:
        form["file"] = (io.BytesIO(b"meow"), "cat.txt")

    answer = engine.client.post("/assemblies", data=form)

    assert (answer.status_code, answer.get_json()["error"]) == (400, "TEMPLATE_CREDENTIALS_INJECTION_ERROR")
    assert '"exported"' in answer.get_json()["message"]
    assert '"my-bucket"' in answer.get_json()["message"]


def test_t56_credentials_named_by_a_variable_are_known_at_work_only(engine: TestEngine) -> None:
    step = {**STORE_TO_MINE["exported"], "credentials": "${fields.where}"}

    answer = engine.create(steps={**STORE_TO_MINE, "exported": step}, fields={"where": "my-bucket"})

    assert answer.status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_credentials_are_for_the_holder_of_the_secret_alone(engine: TestEngine, method: str) -> None:
    """W01, W19"""
    post(engine)
    path = "/template_credentials" + ("" if method == "POST" else "/my-bucket")

    response = engine.client.open(path, method=method, data={"params": engine.signed({})["params"]})

    assert (response.status_code, response.get_json()["error"]) == (400, "NO_SIGNATURE_FIELD")
    assert CANARY not in response.text
