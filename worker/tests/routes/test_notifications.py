"""/assembly_notifications: the delivery log, and sending a notification again."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from werkzeug.test import TestResponse

from cattube_worker.outbound.http import Answer, Outbound

from ..conftest import STORE_ORIGINAL, TestEngine

URL, OTHER = "http://example.org/notify", "http://example.org/other"


class Network:
    """The answers of receivers, and the notifications they got."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.status, self.told = 200, []  # type: tuple[int, list[tuple[str, dict[str, Any]]]]

        def post(_: Outbound, url: str, body: bytes, *, content_type: str) -> Answer:
            self.told.append((url, json.loads(parse_qs(body.decode())["transloadit"][0])))
            return Answer(self.status, "hello")

        monkeypatch.setattr(Outbound, "post", post)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    return Network(monkeypatch)


def deliver(engine: TestEngine) -> None:
    engine.outbox(Outbound()).deliver_one()
    engine.clock.advance(1)


def log_of(engine: TestEngine, assembly: dict[str, Any]) -> list[dict[str, Any]]:
    path = f"/assembly_notifications/{assembly['assembly_id']}"
    answer = engine.client.get(path, query_string=engine.signed_now()).get_json()
    assert answer["ok"] == "ASSEMBLY_NOTIFICATIONS_LISTED"
    return list(answer["notifications"])


def replay(engine: TestEngine, assembly: dict[str, Any], **document: Any) -> TestResponse:
    path = f"/assembly_notifications/{assembly['assembly_id']}/replay"
    return engine.client.post(path, data=engine.signed(document))


def test_log_tells_of_every_try(engine: TestEngine, network: Network) -> None:
    assembly = engine.assembly(expected=0, notify_url=URL)
    before = log_of(engine, assembly)
    for network.status in (500, 204):
        deliver(engine)
        engine.clock.advance(60)

    log = log_of(engine, assembly)

    assert [(entry["status"], entry["response_code"]) for entry in before] == [("processing", None)]
    assert [(entry["status"], entry["response_code"]) for entry in log] == [
        ("error", 500),
        ("successful", 204),
    ]
    assert {entry["url"] for entry in log} == {URL}
    assert {entry["assembly_id"] for entry in log} == {assembly["assembly_id"]}
    assert log[0]["response_data"] == "hello"


def test_replayed_notification_is_sent_at_once(engine: TestEngine, network: Network) -> None:
    assembly = engine.assembly(expected=0, notify_url=URL)
    deliver(engine)

    answer = replay(engine, assembly).get_json()

    assert (answer["ok"], answer["success"]) == ("ASSEMBLY_NOTIFICATION_REPLAYED", True)
    assert [(url, told["assembly_id"]) for url, told in network.told] == [(URL, assembly["assembly_id"])] * 2
    assert log_of(engine, assembly)[-1]["id"] == answer["notification_id"]


def test_replay_elsewhere_leaves_the_status_as_it_was(engine: TestEngine, network: Network) -> None:
    assembly = engine.assembly(expected=0, notify_url=URL)
    deliver(engine)

    replay(engine, assembly, notify_url=OTHER)

    status = engine.status(assembly)
    assert [url for url, _ in network.told] == [URL, OTHER]
    assert (status["notify_url"], status["notify_status"]) == (URL, "successful")


def test_replay_that_need_not_wait_is_left_to_the_outbox(engine: TestEngine, network: Network) -> None:
    assembly = engine.assembly(expected=0, notify_url=URL)
    deliver(engine)

    answer = replay(engine, assembly, wait=False).get_json()
    sent_before = len(network.told)
    deliver(engine)

    assert answer["ok"] == "ASSEMBLY_NOTIFICATION_REPLAYING"
    assert (sent_before, len(network.told)) == (1, 2)


def test_replay_that_is_not_taken_says_so_and_is_not_tried_again(
    engine: TestEngine, network: Network
) -> None:
    """W17"""
    assembly = engine.assembly(expected=0, notify_url=URL)
    deliver(engine)
    network.status = 500

    answer = replay(engine, assembly)
    engine.clock.advance(7200)
    deliver(engine)

    assert (answer.status_code, answer.get_json()["error"]) == (400, "ASSEMBLY_NOTIFICATION_NOT_REPLAYED")
    assert [entry["response_code"] for entry in log_of(engine, assembly)] == [200, 500]


def test_replay_reaches_no_private_address(engine: TestEngine) -> None:
    """W12"""
    assembly = engine.assembly(expected=0)

    answer = replay(engine, assembly, notify_url="http://169.254.169.254/latest")

    assert answer.get_json()["error"] == "ASSEMBLY_NOTIFICATION_NOT_REPLAYED"
    assert log_of(engine, assembly)[0]["response_code"] is None


@pytest.mark.parametrize(
    ("expected", "document", "code"),
    [
        pytest.param(0, {}, "ASSEMBLY_NO_NOTIFY_URL", id="no address"),
        pytest.param(0, {"notify_url": "ftp://x"}, "ASSEMBLY_INVALID_NOTIFY_URL", id="no web address"),
        pytest.param(1, {"notify_url": URL}, "ASSEMBLY_NOTIFICATION_NOT_REPLAYED", id="at work"),
    ],
)
def test_replay_that_cannot_be_is_refused(
    engine: TestEngine, expected: int, document: dict[str, Any], code: str
) -> None:
    answer = replay(engine, engine.assembly(expected=expected), **document)

    assert (answer.status_code, answer.get_json()["error"]) == (400, code)


def test_replay_is_for_the_holder_of_the_secret_alone(engine: TestEngine) -> None:
    """W19"""
    assembly = engine.assembly(expected=0, notify_url=URL)
    path = f"/assembly_notifications/{assembly['assembly_id']}"

    unsigned = engine.client.post(f"{path}/replay", data={"params": engine.signed({})["params"]})
    unknown = engine.client.get(f"/assembly_notifications/{'0' * 32}")

    assert unsigned.get_json()["error"] == "NO_SIGNATURE_FIELD"
    assert (unknown.status_code, unknown.get_json()["error"]) == (404, "ASSEMBLY_NOT_FOUND")


@pytest.mark.parametrize(
    ("parts", "missing"),
    [
        pytest.param([], set(), id="all"),
        pytest.param(["without_results"], {"results"}, id="no results"),
        pytest.param(["without_uploads", "nonsense"], {"uploads"}, id="no uploads"),
        pytest.param(["without_params"], {"params", "template", "merged_params"}, id="no params"),
        pytest.param("without_results", set(), id="not a list"),
    ],
)
def test_payload_is_trimmed_as_the_instructions_say(
    engine: TestEngine, network: Network, parts: object, missing: set[str]
) -> None:
    assembly = engine.assembly(expected=0, notify_url=URL, notification_payload=parts)
    deliver(engine)
    replay(engine, assembly)

    for _, told in network.told:
        assert engine.status(assembly).keys() - told.keys() == missing


def test_metadata_can_be_left_out_of_the_payload(engine: TestEngine, network: Network) -> None:
    parts = ["without_result_meta_data", "without_upload_meta_data"]
    assembly = engine.assembly(steps=STORE_ORIGINAL, notify_url=URL, notification_payload=parts)
    engine.upload(
        assembly, b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0@\x1f\0\0@\x1f\0\0\x01\0\x08\0data\0\0\0\0"
    )
    engine.work()
    deliver(engine)

    told = network.told[0][1]

    assert told["uploads"][0]["meta"] == told["results"][":original"][0]["meta"] == {}
    assert told["uploads"][0]["name"] == "cat.txt"
