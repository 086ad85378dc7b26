"""Every address with every verb, in both encodings of a body. A route that is missing here fails the test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from werkzeug.test import TestResponse

from cattube_worker.outbound.http import Answer, Outbound

from ..conftest import UPLOAD_ONLY, TestEngine

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
CREDENTIAL = {"name": "own", "type": "http", "content": {"headers": "x: y"}}
BODYLESS = {"GET"}
# These have bodies of their own kind, or none: tus, the stream, files, metrics, and POST /videos, which takes
# JSON.
OF_THEIR_OWN = {
    *("uploads", "index", "events", "files", "health", "held_uploads", "live_previews", "metrics"),
    "videos",
}


@dataclass(frozen=True)
class Call:
    """One verb of one address. outcome: the `ok`, or another key that only success has.

    fields: of the form beside the params. is_signed: whether there have to be signed params at all.
    """

    outcome: str
    document: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    is_signed: bool = True


CALLS = {
    ("POST", "/assemblies"): Call("ASSEMBLY_COMPLETED", {"steps": UPLOAD_ONLY}),
    ("GET", "/assemblies"): Call("count"),
    ("POST", "/assemblies/<new>"): Call("ASSEMBLY_COMPLETED", {"steps": UPLOAD_ONLY}),
    ("PUT", "/assemblies/<new>"): Call("ASSEMBLY_COMPLETED", {"steps": UPLOAD_ONLY}),
    ("GET", "/assemblies/<ended>"): Call("ASSEMBLY_COMPLETED", is_signed=False),
    ("DELETE", "/assemblies/<waiting>"): Call("ASSEMBLY_CANCELED", is_signed=False),
    ("POST", "/assemblies/<ended>/replay"): Call("ASSEMBLY_REPLAYING"),
    ("POST", "/assemblies/<waiting>/reserve_file"): Call(
        "ASSEMBLY_FILE_RESERVED", fields={"size": "4"}, is_signed=False
    ),
    ("POST", "/assemblies/<waiting>/add_file"): Call(
        "ASSEMBLY_FILE_ACCEPTED", fields={"size": "4", "s3Url": "http://x.test/cat"}, is_signed=False
    ),
    ("GET", "/assembly_notifications/<ended>"): Call("ASSEMBLY_NOTIFICATIONS_LISTED", is_signed=False),
    ("POST", "/assembly_notifications/<ended>/replay"): Call("ASSEMBLY_NOTIFICATION_REPLAYED"),
    ("GET", "/templates"): Call("count"),
    ("POST", "/templates"): Call("TEMPLATE_CREATED", {"name": "new", "template": {"steps": UPLOAD_ONLY}}),
    ("GET", "/templates/cats"): Call("TEMPLATE_FOUND"),
    ("PUT", "/templates/cats"): Call("TEMPLATE_UPDATED", {"name": "dogs"}),
    ("DELETE", "/templates/cats"): Call("TEMPLATE_DELETED"),
    ("GET", "/template_credentials"): Call("TEMPLATE_CREDENTIALS_FOUND"),
    ("GET", "/template_credentials/types"): Call("TEMPLATE_CREDENTIALS_TYPES_FOUND"),
    ("POST", "/template_credentials"): Call("TEMPLATE_CREDENTIALS_CREATED", {**CREDENTIAL, "name": "new"}),
    ("GET", "/template_credentials/own"): Call("TEMPLATE_CREDENTIALS_READ"),
    ("PUT", "/template_credentials/own"): Call("TEMPLATE_CREDENTIALS_UPDATED", CREDENTIAL),
    ("DELETE", "/template_credentials/own"): Call("TEMPLATE_CREDENTIALS_DELETED"),
    ("POST", "/token"): Call(
        "access_token", fields={"grant_type": "client_credentials", "aud": "api2"}, is_signed=False
    ),
    ("GET", "/bill/2026-01"): Call("BILL_FOUND"),
    ("GET", "/queues/job_slots"): Call("PRIORITY_JOB_SLOTS_FOUND"),
    ("GET", "/hosts"): Call("HOSTS_FOUND"),
    ("GET", "/assembly_jobs/<ended>"): Call("ASSEMBLY_JOBS_FOUND"),
}


@dataclass(frozen=True)
class Stocked:
    """An engine that has one of everything."""

    engine: TestEngine
    ids: Mapping[str, str]

    def path(self, template: str) -> str:
        for name, assembly_id in self.ids.items():
            template = template.replace(name, assembly_id)
        return template

    def send(self, method: str, path: str, form: Mapping[str, str], *, encoding: str) -> TestResponse:
        client = self.engine.client
        body = {"query_string": form} if method in BODYLESS else {"data": form, "content_type": encoding}
        return client.open(self.path(path), method=method, **body, auth=("key", "a secret for tests"))


@pytest.fixture
def stocked(engine: TestEngine, monkeypatch: pytest.MonkeyPatch) -> Stocked:
    def download(_: Outbound, __: str, target: Any, *, max_bytes: int) -> None:
        target.write_bytes(b"meow")

    monkeypatch.setattr(Outbound, "download", download)
    monkeypatch.setattr(Outbound, "post", lambda *_, **__: Answer(200, ""))
    ended = engine.assembly(expected=0, notify_url="http://x.test/note")["assembly_id"]
    waiting = engine.assembly()["assembly_id"]
    engine.client.post("/templates", data=engine.signed({"name": "cats", "template": {"steps": UPLOAD_ONLY}}))
    engine.client.post("/template_credentials", data=engine.signed(CREDENTIAL))
    return Stocked(engine, {"<ended>": ended, "<waiting>": waiting, "<new>": "0a" * 16})


@pytest.mark.parametrize("encoding", [URLENCODED, MULTIPART])
@pytest.mark.parametrize(("method", "path"), CALLS, ids=[" ".join(call) for call in CALLS])
def test_call_is_understood_in_this_encoding(stocked: Stocked, method: str, path: str, encoding: str) -> None:
    call = CALLS[method, path]
    form = {**(stocked.engine.signed(call.document) if call.is_signed else {}), **call.fields}

    answer = stocked.send(method, path, form, encoding=encoding).get_json()

    assert call.outcome in (answer.get("ok"), *answer), answer


@pytest.mark.parametrize(
    ("method", "path"),
    [call for call, told in CALLS.items() if told.is_signed],
    ids=[" ".join(call) for call, told in CALLS.items() if told.is_signed],
)
def test_call_that_must_be_signed_is_refused_when_it_is_not(stocked: Stocked, method: str, path: str) -> None:
    """W01, W10"""
    document = CALLS[method, path].document
    forged = stocked.engine.signed(document, secret="another")
    unsigned = {"params": forged["params"]}
    empty: dict[str, str] = {}

    outcomes = [stocked.send(method, path, form, encoding=URLENCODED) for form in (forged, unsigned, empty)]

    assert [(answer.status_code, answer.get_json()["error"]) for answer in outcomes] == [
        (400, "INVALID_SIGNATURE"),
        (400, "NO_SIGNATURE_FIELD"),
        (400, "NO_PARAMS_FIELD"),
    ]


def test_no_route_is_left_out(stocked: Stocked) -> None:
    app = stocked.engine.client.application
    adapter = app.url_map.bind("localhost")

    called = {(method, adapter.match(stocked.path(path), method=method)[0]) for method, path in CALLS}

    routes = {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint.split(".")[0] not in OF_THEIR_OWN
    }
    assert called == routes


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_address_that_is_none_is_not_found_in_json(engine: TestEngine, method: str) -> None:
    """W18"""
    for path in ("/nowhere", "/assemblies/nope", "/assemblies/nope/replay", "/bill/soon"):
        answer = engine.client.open(path, method=method)
        assert (answer.status_code, answer.get_json()["error"]) == (404, "SERVER_404")


def test_verb_that_an_address_does_not_take_is_told_which_it_does(engine: TestEngine) -> None:
    answer = engine.client.patch("/assemblies")

    assert (answer.status_code, answer.get_json()["error"]) == (405, "SERVER_404")
    assert set(answer.headers["Allow"].split(", ")) >= {"GET", "POST"}
