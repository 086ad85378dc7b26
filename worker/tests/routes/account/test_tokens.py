"""POST /token, and requests that come with a bearer token in place of a signature."""

from __future__ import annotations

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from ...conftest import SECRET, UPLOAD_ONLY, TestEngine


def ask(engine: TestEngine, *, key: str = "key", secret: str = SECRET, **form: str) -> TestResponse:
    return engine.client.post("/token", auth=(key, secret), data={"grant_type": "client_credentials", **form})


def bearer(engine: TestEngine, scope: str = "") -> dict[str, str]:
    return {"Authorization": f"Bearer {ask(engine, scope=scope).get_json()['access_token']}"}


def test_token_is_given_for_key_and_secret(engine: TestEngine) -> None:
    answer = ask(engine, aud="api2", scope="templates:read assemblies:write").get_json()

    assert (answer["token_type"], answer["scope"]) == ("Bearer", "assemblies:write templates:read")
    assert answer["expires_in"] > 0


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        pytest.param({"secret": "wrong"}, 401, "TOKEN_INVALID_CREDENTIALS", id="secret"),
        pytest.param({"key": "another"}, 401, "TOKEN_INVALID_CREDENTIALS", id="key"),
        pytest.param({"key": "", "secret": ""}, 401, "TOKEN_INVALID_CREDENTIALS", id="nobody"),
        pytest.param({"aud": "moon"}, 403, "TOKEN_INVALID_AUDIENCE", id="audience"),
        pytest.param({"scope": "everything"}, 403, "TOKEN_INVALID_SCOPE", id="scope"),
    ],
)
def test_token_is_refused_to_others(engine: TestEngine, form: dict[str, str], status: int, code: str) -> None:
    """W19"""
    response = ask(engine, **form)

    assert (response.status_code, response.get_json()["error"]) == (status, code)


def test_token_stands_in_for_a_signature_everywhere(engine: TestEngine) -> None:
    headers = bearer(engine)
    template = {"params": json.dumps({"name": "cats", "template": {"steps": UPLOAD_ONLY}})}

    stored = engine.client.post("/templates", data=template, headers=headers)
    form = {"params": json.dumps({"template_id": "cats", "auth": {"key": "key"}})}
    created = engine.client.post("/assemblies", data=form, headers=headers)
    listed = engine.client.get("/assemblies", headers=headers)
    removed = engine.client.delete("/templates/cats", headers=headers)

    assert [answer.status_code for answer in (stored, created, listed, removed)] == [200] * 4
    assert listed.get_json()["count"] == 1


@pytest.mark.parametrize(
    ("scope", "path", "status"),
    [
        pytest.param("templates:read", "/templates", 200, id="its own"),
        pytest.param("read", "/templates", 200, id="all that reads"),
        pytest.param("write", "/templates", 403, id="only what writes"),
        pytest.param("templates:write", "/templates", 403, id="only writing here"),
        pytest.param("templates:read", "/assemblies", 403, id="another area"),
        pytest.param("templates:read", "/template_credentials", 403, id="an area of like name"),
    ],
)
def test_token_allows_what_its_scope_says(engine: TestEngine, scope: str, path: str, status: int) -> None:
    """W19"""
    response = engine.client.get(path, headers=bearer(engine, scope))

    assert response.status_code == status
    assert response.get_json().get("error") == ("INSUFFICIENT_AUTH_SCOPE" if status == 403 else None)


def test_token_ends(engine: TestEngine) -> None:
    headers = bearer(engine)
    engine.clock.advance(6 * 3600 + 1)

    response = engine.client.get("/templates", headers=headers)

    assert (response.status_code, response.get_json()["error"]) == (401, "BEARER_TOKEN_EXPIRED")


@pytest.mark.parametrize("change", [lambda token: "", lambda token: token[:-1], lambda token: "x" + token])
def test_token_that_was_changed_is_none(engine: TestEngine, change: Any) -> None:
    """W01"""
    token = bearer(engine)["Authorization"].removeprefix("Bearer ")

    response = engine.client.get("/templates", headers={"Authorization": f"Bearer {change(token)}"})

    assert (response.status_code, response.get_json()["error"]) == (401, "BEARER_TOKEN_INVALID")


def test_token_of_one_key_is_not_good_for_another(engine: TestEngine) -> None:
    """W05"""
    params = {"params": json.dumps({"auth": {"key": "another"}})}

    response = engine.client.get("/templates", query_string=params, headers=bearer(engine))

    assert response.get_json()["error"] == "BEARER_TOKEN_AUTH_KEY_MISMATCH"


def test_create_with_a_token_that_may_only_read_is_refused(engine: TestEngine) -> None:
    """W11"""
    form = {"params": json.dumps({"steps": UPLOAD_ONLY})}

    response = engine.client.post("/assemblies", data=form, headers=bearer(engine, "assemblies:read"))

    assert (response.status_code, response.get_json()["error"]) == (403, "INSUFFICIENT_AUTH_SCOPE")
