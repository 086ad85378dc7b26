"""/templates: stored templates come back as they were, and assemblies run by them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from cattube_worker.assemblies.templates.template import load_templates

from ...conftest import UPLOAD_ONLY, TestEngine, open_test_engine

CONTENT = {"steps": UPLOAD_ONLY, "fields": {"a": 1}}
HLS = "builtin/encode-hls-video@0.0.1"


def post(engine: TestEngine, **document: Any) -> TestResponse:
    return engine.client.post(
        "/templates", data=engine.signed({"name": "cats", "template": CONTENT} | document)
    )


def show(engine: TestEngine, wanted: str) -> TestResponse:
    return engine.client.get(f"/templates/{wanted}", query_string=engine.signed({}))


def names(engine: TestEngine, **document: Any) -> list[str]:
    response = engine.client.get("/templates", query_string=engine.signed(document))
    return [item["name"] for item in response.get_json()["items"]]


@pytest.mark.parametrize("template", [CONTENT, json.dumps(CONTENT)], ids=["object", "text"])
def test_stored_template_is_found_by_id_and_by_name(engine: TestEngine, template: object) -> None:
    created = post(engine, template=template, require_signature_auth=1).get_json()

    for wanted in (created["id"], "cats"):
        found = show(engine, wanted).get_json()
        assert (found["ok"], found["id"], found["name"]) == ("TEMPLATE_FOUND", created["id"], "cats")
        assert found["content"] == CONTENT
        assert found["require_signature_auth"] == 1
    assert created["ok"] == "TEMPLATE_CREATED"


def test_expiries_are_kept_as_they_were_given(engine: TestEngine) -> None:
    given = {"assembly_status_expiry": "1day", "transcoding_result_expiry": "2hours"}
    created = post(engine, **given).get_json()

    changed = engine.client.put("/templates/cats", data=engine.signed({"assembly_status_expiry": "2days"}))

    assert {name: created[name] for name in given} == given
    assert changed.get_json()["assembly_status_expiry"] == "2days"
    assert changed.get_json()["transcoding_result_expiry"] == "2hours"
    assert show(engine, "cattube").get_json()["assembly_status_expiry"] is None


def test_expiry_that_is_no_text_is_refused(engine: TestEngine) -> None:
    """W08"""
    answer = post(engine, assembly_status_expiry=["1day"])

    assert (answer.status_code, answer.get_json()["error"]) == (400, "TEMPLATE_VALIDATION_ERROR")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param({}, ["cats"], id="by itself"),
        pytest.param({"include_builtin": "none"}, ["cats"], id="none"),
        pytest.param({"include_builtin": "all"}, [HLS, "cattube", "cats"], id="all"),
        pytest.param({"include_builtin": True}, [HLS, "cattube", "cats"], id="yes"),
        pytest.param({"include_builtin": "exclusively-latest"}, [HLS, "cattube"], id="only"),
        pytest.param({"include_builtin": "all", "keywords": "no such cat"}, [], id="keyword"),
        pytest.param({"include_builtin": "exclusively-all", "keywords": "HLS-video"}, [HLS], id="found"),
    ],
)
def test_templates_that_come_with_the_engine_are_listed_when_asked_for(
    engine: TestEngine, asked: dict[str, Any], found: list[str]
) -> None:
    post(engine)

    assert names(engine, **asked) == found


def test_steps_beside_the_name_are_a_template_too(engine: TestEngine) -> None:
    form = engine.signed({"name": "snake", "steps": UPLOAD_ONLY})

    created = engine.client.post("/templates", data=form).get_json()

    assert created["content"] == {"steps": UPLOAD_ONLY}


def test_template_for_robots_the_engine_does_not_have_is_stored_and_refused_at_run(
    engine: TestEngine,
) -> None:
    steps = {"html": {"robot": "/html/convert", "url": "https://example.org"}}
    created = post(engine, template={"steps": steps}).get_json()

    refused = engine.create(template_id=created["id"], steps=None)

    assert show(engine, "cats").get_json()["content"] == {"steps": steps}
    assert (refused.status_code, refused.get_json()["error"]) == (400, "ASSEMBLY_STEP_UNKNOWN_ROBOT")


@pytest.mark.parametrize("by", ["id", "name"])
def test_assembly_runs_by_a_stored_template(engine: TestEngine, by: str) -> None:
    created = post(engine).get_json()

    status = engine.assembly(template_id=created[by], steps=None, expected=0)

    assert (status["template_id"], status["template_name"]) == (created["id"], "cats")
    assert status["fields"] == {"a": 1}
    assert json.loads(status["template"]) == CONTENT
    assert show(engine, "cats").get_json()["last_used"] == "2027-01-15 08:00:00"


@pytest.mark.parametrize("encoding", ["multipart/form-data", "application/x-www-form-urlencoded"])
def test_template_is_changed_and_removed_by_either_body_encoding(engine: TestEngine, encoding: str) -> None:
    created = post(engine).get_json()
    path, other = f"/templates/{created['id']}", {"steps": {**UPLOAD_ONLY, "b": {"robot": "/x/y"}}}

    form = engine.signed({"name": "dogs"})
    renamed = engine.client.put(path, data=form, content_type=encoding).get_json()
    form = engine.signed({"template": other})
    rewritten = engine.client.put(path, data=form, content_type=encoding).get_json()
    removed = engine.client.delete(path, data=engine.signed({}), content_type=encoding).get_json()

    assert (renamed["ok"], renamed["name"], renamed["content"]) == ("TEMPLATE_UPDATED", "dogs", CONTENT)
    assert (rewritten["name"], rewritten["content"]) == ("dogs", other)
    assert removed["ok"] == "TEMPLATE_DELETED"
    for gone in (show(engine, created["id"]), engine.create(template_id=created["id"], steps=None)):
        assert (gone.status_code, gone.get_json()["error"]) == (400, "TEMPLATE_NOT_FOUND")


@pytest.mark.parametrize(
    ("document", "code"),
    [
        pytest.param({"name": None}, "TEMPLATE_VALIDATION_ERROR", id="no name"),
        pytest.param({"name": ""}, "TEMPLATE_VALIDATION_ERROR", id="empty name"),
        pytest.param({"name": "x" * 256}, "TEMPLATE_VALIDATION_ERROR", id="long name"),
        pytest.param({"name": "cattube"}, "TEMPLATE_VALIDATION_ERROR", id="name of a file"),
        pytest.param({"name": "builtin/cats"}, "TEMPLATE_VALIDATION_ERROR", id="reserved name"),
        pytest.param({"template": None}, "TEMPLATE_VALIDATION_ERROR", id="no content"),
        pytest.param({"template": {"steps": []}}, "TEMPLATE_VALIDATION_ERROR", id="steps are a list"),
        pytest.param({"template": "{"}, "TEMPLATE_INVALID_JSON", id="broken JSON"),
        pytest.param({"template": "[" * 10_000}, "TEMPLATE_INVALID_JSON", id="deep JSON"),
        pytest.param({"require_signature_auth": []}, "TEMPLATE_VALIDATION_ERROR", id="neither yes nor no"),
    ],
)
def test_template_that_makes_no_sense_is_refused(
    engine: TestEngine, document: dict[str, Any], code: str
) -> None:
    """W08"""
    response = post(engine, **document)

    assert (response.status_code, response.get_json()["error"]) == (400, code)
    assert names(engine) == []


def test_name_means_one_template_only(engine: TestEngine) -> None:
    first = post(engine).get_json()
    other = post(engine, name="dogs").get_json()

    again = post(engine)
    as_id = post(engine, name=first["id"])
    renamed = engine.client.put(f"/templates/{other['id']}", data=engine.signed({"name": "cats"}))
    kept = engine.client.put(f"/templates/{first['id']}", data=engine.signed({"name": "cats"}))

    for refused in (again, as_id, renamed):
        assert refused.get_json()["error"] == "TEMPLATE_VALIDATION_ERROR"
    assert kept.status_code == 200


def test_template_that_comes_with_the_engine_is_shown_but_never_changed(engine: TestEngine) -> None:
    assert show(engine, "cattube").get_json()["ok"] == "TEMPLATE_FOUND"
    for ask in (engine.client.put, engine.client.delete):
        answer = ask("/templates/cattube", data=engine.signed({}))
        assert answer.get_json()["error"] == "TEMPLATE_VALIDATION_ERROR"


@pytest.mark.parametrize("version", ["", "@latest", "@0.0.1"])
def test_t58_builtin_template_is_used_by_any_of_its_names(engine: TestEngine, version: str) -> None:
    name = f"builtin/encode-hls-video{version}"

    status = engine.assembly(template_id=name, steps=None)

    assert status["template_id"] == HLS
    assert [*json.loads(status["merged_params"])["steps"]] == [":original", "low", "mid", "high", "adaptive"]
    assert show(engine, name).get_json()["id"] == HLS


def test_t58_builtin_template_of_another_version_is_not_found(engine: TestEngine) -> None:
    answer = engine.create(template_id="builtin/encode-hls-video@9.9.9", steps=None)

    assert (answer.status_code, answer.get_json()["error"]) == (400, "TEMPLATE_NOT_FOUND")


def test_t58_latest_is_the_highest_version(tmp_path: Path) -> None:
    (tmp_path / "builtin").mkdir()
    for version in ("0.9.0", "0.10.0", "0.2.0"):
        (tmp_path / "builtin" / f"cats@{version}.json").write_text('{"steps": {}}')

    templates = load_templates(tmp_path)

    assert templates["builtin/cats"].id == templates["builtin/cats@latest"].id == "builtin/cats@0.10.0"
    assert len(templates.each_once()) == 3


def test_list_is_sorted_searched_and_paged(engine: TestEngine) -> None:
    for name in ("b-cats", "a-dogs", "c-cats"):
        post(engine, name=name)
        engine.clock.advance(1)

    assert names(engine) == ["c-cats", "a-dogs", "b-cats"]
    assert names(engine, sort="name", order="asc") == ["a-dogs", "b-cats", "c-cats"]
    assert names(engine, keywords="CATS") == ["c-cats", "b-cats"]
    assert names(engine, include_builtin="latest", pagesize=3) == [HLS, "cattube", "c-cats"]
    assert names(engine, include_builtin="latest", pagesize=3, page=2) == ["a-dogs", "b-cats"]
    assert names(engine, pagesize=2, page=2) == ["b-cats"]


def test_list_that_makes_no_sense_is_refused(engine: TestEngine) -> None:
    response = engine.client.get("/templates", query_string=engine.signed({"sort": "colour"}))

    assert (response.status_code, response.get_json()["error"]) == (400, "TEMPLATE_LIST_ERROR")


def test_template_may_forbid_other_steps(engine: TestEngine) -> None:
    """W11"""
    post(engine, template={**CONTENT, "allow_steps_override": False})

    refused = engine.create(template_id="cats")

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
    engine = open_test_engine(tmp_path, require_signature=False)
    post(engine, **template)
    form = engine.signed({"template_id": "cats"})
    bare = json.dumps({"auth": {"key": "key"}, "template_id": "cats"})

    unsigned = engine.client.post("/assemblies", data={"params": form["params"]})
    endless = engine.client.post("/assemblies", data={"params": bare})
    signed = engine.client.post("/assemblies", data=form)

    assert (unsigned.status_code, unsigned.get_json()["error"]) == (400, "NO_SIGNATURE_FIELD")
    assert endless.get_json()["error"] == "NO_AUTH_EXPIRES_PARAMETER"
    assert signed.status_code == 200
    engine.close()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_templates_are_for_the_holder_of_the_secret_alone(engine: TestEngine, method: str) -> None:
    """W01, W19"""
    post(engine)
    path = "/templates" if method == "POST" else "/templates/cats"

    response = engine.client.open(path, method=method, data={"params": engine.signed({})["params"]})

    assert (response.status_code, response.get_json()["error"]) == (400, "NO_SIGNATURE_FIELD")
    assert show(engine, "cats").status_code == 200
