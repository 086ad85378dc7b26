"""/templates: what is stored comes back, and assemblies run by it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from ...conftest import UPLOAD_ONLY, House, open_house

CONTENT = {"steps": UPLOAD_ONLY, "fields": {"a": 1}}


def post(house: House, **document: Any) -> TestResponse:
    return house.client.post(
        "/templates", data=house.signed({"name": "cats", "template": CONTENT} | document)
    )


def show(house: House, wanted: str) -> TestResponse:
    return house.client.get(f"/templates/{wanted}", query_string=house.signed({}))


def names(house: House, **document: Any) -> list[str]:
    response = house.client.get("/templates", query_string=house.signed(document))
    return [item["name"] for item in response.get_json()["items"]]


@pytest.mark.parametrize("template", [CONTENT, json.dumps(CONTENT)], ids=["object", "text"])
def test_stored_template_is_found_by_id_and_by_name(house: House, template: object) -> None:
    created = post(house, template=template, require_signature_auth=1).get_json()

    for wanted in (created["id"], "cats"):
        found = show(house, wanted).get_json()
        assert (found["ok"], found["id"], found["name"]) == ("TEMPLATE_FOUND", created["id"], "cats")
        assert found["content"] == CONTENT
        assert found["require_signature_auth"] == 1
    assert created["ok"] == "TEMPLATE_CREATED"


def test_expiries_are_kept_as_they_were_given(house: House) -> None:
    given = {"assembly_status_expiry": "1day", "transcoding_result_expiry": "2hours"}
    created = post(house, **given).get_json()

    changed = house.client.put("/templates/cats", data=house.signed({"assembly_status_expiry": "2days"}))

    assert {name: created[name] for name in given} == given
    assert changed.get_json()["assembly_status_expiry"] == "2days"
    assert changed.get_json()["transcoding_result_expiry"] == "2hours"
    assert show(house, "cattube").get_json()["assembly_status_expiry"] is None


def test_expiry_that_is_no_text_is_refused(house: House) -> None:
    """W08"""
    answer = post(house, assembly_status_expiry=["1day"])

    assert (answer.status_code, answer.get_json()["error"]) == (400, "TEMPLATE_VALIDATION_ERROR")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param({}, ["cats"], id="by itself"),
        pytest.param({"include_builtin": "none"}, ["cats"], id="none"),
        pytest.param({"include_builtin": "all"}, ["cattube", "cats"], id="all"),
        pytest.param({"include_builtin": True}, ["cattube", "cats"], id="yes"),
        pytest.param({"include_builtin": "exclusively-latest"}, ["cattube"], id="only"),
        pytest.param({"include_builtin": "all", "keywords": "no such cat"}, [], id="keyword"),
    ],
)
def test_templates_that_come_with_the_engine_are_listed_when_asked_for(
    house: House, asked: dict[str, Any], found: list[str]
) -> None:
    post(house)

    assert names(house, **asked) == found


def test_steps_beside_the_name_are_a_template_too(house: House) -> None:
    form = house.signed({"name": "snake", "steps": UPLOAD_ONLY})

    created = house.client.post("/templates", data=form).get_json()

    assert created["content"] == {"steps": UPLOAD_ONLY}


def test_template_for_robots_the_engine_does_not_have_is_stored_and_refused_at_run(house: House) -> None:
    steps = {"html": {"robot": "/html/convert", "url": "https://example.org"}}
    created = post(house, template={"steps": steps}).get_json()

    refused = house.create(template_id=created["id"], steps=None)

    assert show(house, "cats").get_json()["content"] == {"steps": steps}
    assert (refused.status_code, refused.get_json()["error"]) == (400, "ASSEMBLY_STEP_UNKNOWN_ROBOT")


@pytest.mark.parametrize("by", ["id", "name"])
def test_assembly_runs_by_a_stored_template(house: House, by: str) -> None:
    created = post(house).get_json()

    status = house.assembly(template_id=created[by], steps=None, expected=0)

    assert (status["template_id"], status["template_name"]) == (created["id"], "cats")
    assert status["fields"] == {"a": 1}
    assert json.loads(status["template"]) == CONTENT
    assert show(house, "cats").get_json()["last_used"] == "2027-01-15 08:00:00"


@pytest.mark.parametrize("encoding", ["multipart/form-data", "application/x-www-form-urlencoded"])
def test_template_is_changed_and_removed_by_either_body_encoding(house: House, encoding: str) -> None:
    created = post(house).get_json()
    path, other = f"/templates/{created['id']}", {"steps": {**UPLOAD_ONLY, "b": {"robot": "/x/y"}}}

    form = house.signed({"name": "dogs"})
    renamed = house.client.put(path, data=form, content_type=encoding).get_json()
    form = house.signed({"template": other})
    rewritten = house.client.put(path, data=form, content_type=encoding).get_json()
    removed = house.client.delete(path, data=house.signed({}), content_type=encoding).get_json()

    assert (renamed["ok"], renamed["name"], renamed["content"]) == ("TEMPLATE_UPDATED", "dogs", CONTENT)
    assert (rewritten["name"], rewritten["content"]) == ("dogs", other)
    assert removed["ok"] == "TEMPLATE_DELETED"
    for gone in (show(house, created["id"]), house.create(template_id=created["id"], steps=None)):
        assert (gone.status_code, gone.get_json()["error"]) == (400, "TEMPLATE_NOT_FOUND")


@pytest.mark.parametrize(
    ("document", "code"),
    [
        pytest.param({"name": None}, "TEMPLATE_VALIDATION_ERROR", id="no name"),
        pytest.param({"name": ""}, "TEMPLATE_VALIDATION_ERROR", id="empty name"),
        pytest.param({"name": "x" * 256}, "TEMPLATE_VALIDATION_ERROR", id="long name"),
        pytest.param({"name": "cattube"}, "TEMPLATE_VALIDATION_ERROR", id="name of a file"),
        pytest.param({"template": None}, "TEMPLATE_VALIDATION_ERROR", id="no content"),
        pytest.param({"template": {"steps": []}}, "TEMPLATE_VALIDATION_ERROR", id="steps are a list"),
        pytest.param({"template": "{"}, "TEMPLATE_INVALID_JSON", id="broken JSON"),
        pytest.param({"template": "[" * 10_000}, "TEMPLATE_INVALID_JSON", id="deep JSON"),
        pytest.param({"require_signature_auth": []}, "TEMPLATE_VALIDATION_ERROR", id="neither yes nor no"),
    ],
)
def test_template_that_makes_no_sense_is_refused(house: House, document: dict[str, Any], code: str) -> None:
    """W08"""
    response = post(house, **document)

    assert (response.status_code, response.get_json()["error"]) == (400, code)
    assert names(house) == []


def test_name_means_one_template_only(house: House) -> None:
    first = post(house).get_json()
    other = post(house, name="dogs").get_json()

    again = post(house)
    as_id = post(house, name=first["id"])
    renamed = house.client.put(f"/templates/{other['id']}", data=house.signed({"name": "cats"}))
    kept = house.client.put(f"/templates/{first['id']}", data=house.signed({"name": "cats"}))

    for refused in (again, as_id, renamed):
        assert refused.get_json()["error"] == "TEMPLATE_VALIDATION_ERROR"
    assert kept.status_code == 200


def test_template_that_comes_with_the_engine_is_shown_but_never_changed(house: House) -> None:
    assert show(house, "cattube").get_json()["ok"] == "TEMPLATE_FOUND"
    for ask in (house.client.put, house.client.delete):
        answer = ask("/templates/cattube", data=house.signed({}))
        assert answer.get_json()["error"] == "TEMPLATE_VALIDATION_ERROR"


def test_list_is_sorted_searched_and_paged(house: House) -> None:
    for name in ("b-cats", "a-dogs", "c-cats"):
        post(house, name=name)
        house.clock.advance(1)

    assert names(house) == ["c-cats", "a-dogs", "b-cats"]
    assert names(house, sort="name", order="asc") == ["a-dogs", "b-cats", "c-cats"]
    assert names(house, keywords="CATS") == ["c-cats", "b-cats"]
    assert names(house, include_builtin="latest", pagesize=2) == ["cattube", "c-cats"]
    assert names(house, include_builtin="latest", pagesize=2, page=2) == ["a-dogs", "b-cats"]
    assert names(house, pagesize=2, page=2) == ["b-cats"]


def test_list_that_makes_no_sense_is_refused(house: House) -> None:
    response = house.client.get("/templates", query_string=house.signed({"sort": "colour"}))

    assert (response.status_code, response.get_json()["error"]) == (400, "TEMPLATE_LIST_ERROR")


def test_template_may_forbid_other_steps(house: House) -> None:
    """W11"""
    post(house, template={**CONTENT, "allow_steps_override": False})

    refused = house.create(template_id="cats")

    assert (refused.status_code, refused.get_json()["error"]) == (400, "TEMPLATE_DENIES_STEPS_OVERRIDE")


@pytest.mark.parametrize(
    "template",
    [{"require_signature_auth": 1}, {"template": {**CONTENT, "require_signature_auth": True}}],
    ids=["on the record", "within"],
)
def test_template_may_ask_for_a_signature_where_the_house_does_not(
    tmp_path: Any, template: dict[str, Any]
) -> None:
    """W11"""
    house = open_house(tmp_path, require_signature=False)
    post(house, **template)
    form = house.signed({"template_id": "cats"})
    bare = json.dumps({"auth": {"key": "key"}, "template_id": "cats"})

    unsigned = house.client.post("/assemblies", data={"params": form["params"]})
    endless = house.client.post("/assemblies", data={"params": bare})
    signed = house.client.post("/assemblies", data=form)

    assert (unsigned.status_code, unsigned.get_json()["error"]) == (400, "NO_SIGNATURE_FIELD")
    assert endless.get_json()["error"] == "NO_AUTH_EXPIRES_PARAMETER"
    assert signed.status_code == 200
    house.engine.database.close()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_templates_are_for_the_holder_of_the_secret_alone(house: House, method: str) -> None:
    """W01, W19"""
    post(house)
    path = "/templates" if method == "POST" else "/templates/cats"

    response = house.client.open(path, method=method, data={"params": house.signed({})["params"]})

    assert (response.status_code, response.get_json()["error"]) == (400, "NO_SIGNATURE_FIELD")
    assert show(house, "cats").status_code == 200
