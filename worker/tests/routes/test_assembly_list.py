"""GET /assemblies: the permission to list, and the assemblies that a query finds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import event
from werkzeug.test import TestResponse

from ..conftest import STORE_ORIGINAL, TestEngine


def ask(engine: TestEngine, **document: Any) -> TestResponse:
    return engine.client.get("/assemblies", query_string=engine.signed(document))


def ids(engine: TestEngine, **document: Any) -> list[str]:
    response = ask(engine, **document)
    assert response.status_code == 200, response.json
    return [item["id"] for item in response.get_json()["items"]]


def some(engine: TestEngine, count: int) -> list[str]:
    """Assemblies made one second after the other, newest first."""
    made = []
    for _ in range(count):
        made.append(engine.assembly()["assembly_id"])
        engine.clock.advance(1)
    return made[::-1]


def test_list_comes_in_pages_and_counts_all(engine: TestEngine) -> None:
    made = some(engine, 3)

    first, second = ask(engine, pagesize=2), ask(engine, pagesize=2, page=2)

    assert first.get_json()["count"] == second.get_json()["count"] == 3
    pages = [[item["id"] for item in page.get_json()["items"]] for page in (first, second)]
    assert pages == [made[:2], made[2:]]
    assert ids(engine, order="asc") == made[::-1]
    assert ids(engine, page=9) == []


def test_item_says_what_became_of_the_assembly(engine: TestEngine) -> None:
    assembly = engine.create(steps=STORE_ORIGINAL, redirect_url="http://example.org/done").get_json()
    engine.upload(assembly, b"meow", filename="cat.txt")
    engine.work()

    item = ask(engine).get_json()["items"][0]

    assert item["id"] == assembly["assembly_id"]
    assert (item["ok"], item["error"]) == ("ASSEMBLY_COMPLETED", None)
    assert json.loads(item["files"]) == ["cat.txt"]
    assert (item["num_input_files"], item["bytes_received"], item["warning_count"]) == (1, 4, 0)
    assert item["created"] == item["execution_start"] == "2027-01-15T08:00:00.000Z"
    assert item["redirect_url"] == "http://example.org/done"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        pytest.param("all", {"waiting", "done", "stopped"}, id="all"),
        pytest.param("uploading", {"waiting"}, id="uploading"),
        pytest.param("completed", {"done"}, id="completed"),
        pytest.param("canceled", {"stopped"}, id="canceled"),
        pytest.param("executing", set(), id="executing"),
        pytest.param("failed", set(), id="failed"),
        pytest.param("request_aborted", set(), id="aborted"),
    ],
)
def test_type_picks_assemblies_by_their_state(engine: TestEngine, kind: str, expected: set[str]) -> None:
    made = {"waiting": engine.assembly(), "done": engine.assembly(expected=0), "stopped": engine.assembly()}
    engine.client.delete(f"/assemblies/{made['stopped']['assembly_id']}")

    assert set(ids(engine, type=kind)) == {made[name]["assembly_id"] for name in expected}


def test_dates_bound_the_list_and_include_their_own_second(engine: TestEngine) -> None:
    made = some(engine, 3)

    found = ids(engine, fromdate="2027-01-15 08:00:01", todate="2027-01-15 08:00:01")

    assert found == [made[1]]


@pytest.mark.parametrize(
    "keywords",
    [["PARAM-WORD"], "fieldword", ["nowhere", "my file"], ["notify-word"], ["100%"]],
    ids=["params", "field alone", "any of several", "notify_url", "percent is itself"],
)
def test_keywords_are_looked_for_in_texts_and_file_names(engine: TestEngine, keywords: object) -> None:
    engine.assembly(fields={"a": "1000"})
    wanted = engine.assembly(
        fields={"a": "fieldword 100%"},
        usage_tags="param-word",
        notify_url="http://example.org/notify-word",
    )
    engine.upload(wanted, b"meow", filename="my file.txt")

    assert ids(engine, keywords=keywords) == [wanted["assembly_id"]]


def test_w85_of_years_of_file_names_only_those_of_the_dates_are_searched(engine: TestEngine) -> None:
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine.upload(engine.assembly(), b"meow", filename="cat.txt")
    event.listen(DatabaseEngine, "before_cursor_execute", note)
    try:
        found = ids(engine, keywords="cat.txt", fromdate="2027-01-15 07:00:00")
    finally:
        event.remove(DatabaseEngine, "before_cursor_execute", note)

    searches = [statement.partition(" IN (SELECT")[2] for statement in statements if "filename" in statement]
    searches = [search for search in searches if "filename" in search]
    assert len(found) == 1
    assert searches
    assert all("created_at >=" in search for search in searches)


def test_list_can_be_narrowed_to_one_template_or_assembly(engine: TestEngine) -> None:
    templated = engine.assembly(template_id="cattube", steps=None)
    other = engine.assembly()

    assert ids(engine, template_id="cattube") == [templated["assembly_id"]]
    assert ids(engine, assembly_id=other["assembly_id"]) == [other["assembly_id"]]


@pytest.mark.parametrize(
    "document",
    [
        {"page": 0},
        {"pagesize": 5001},
        {"type": "lost"},
        {"fromdate": "soon"},
        {"keywords": 7},
        {"order": "up"},
    ],
    ids=lambda document: next(iter(document)),
)
def test_list_that_makes_no_sense_is_refused(engine: TestEngine, document: dict[str, Any]) -> None:
    response = ask(engine, **document)

    assert (response.status_code, response.get_json()["error"]) == (400, "ASSEMBLY_LIST_ERROR")


def test_list_is_for_the_holder_of_the_secret_alone(engine: TestEngine) -> None:
    """W01, W19"""
    signed = engine.signed({})
    unsigned = engine.client.get("/assemblies", query_string={"params": signed["params"]})
    forged = engine.client.get("/assemblies", query_string=engine.signed({}, secret="another"))
    foreign = ask(engine, auth={"key": "another"})
    never = engine.client.get("/assemblies", query_string={"params": json.dumps({"auth": {"key": "key"}})})

    assert unsigned.get_json()["error"] == "NO_SIGNATURE_FIELD"
    assert forged.get_json()["error"] == "INVALID_SIGNATURE"
    assert foreign.get_json()["error"] == "GET_ACCOUNT_UNKNOWN_AUTH_KEY"
    assert never.get_json()["error"] == "NO_AUTH_EXPIRES_PARAMETER"


def test_same_signed_question_may_be_asked_twice(engine: TestEngine) -> None:
    form = engine.signed({})

    for _ in range(2):
        assert engine.client.get("/assemblies", query_string=form).status_code == 200
