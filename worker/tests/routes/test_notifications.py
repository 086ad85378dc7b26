"""/assembly_notifications: the delivery log, and sending a notification again."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from werkzeug.test import TestResponse

from cattube_worker.execution.outbox import Outbox
from cattube_worker.outbound.http import Answer, Outbound

from ..conftest import STORE_ORIGINAL, House

URL, OTHER = "http://example.org/notify", "http://example.org/other"


class Network:
    """What receivers answer, and what they were told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.status, self.told = 200, []  # type: tuple[int, list[tuple[str, dict[str, Any]]]]

        def post(_: Outbound, url: str, body: bytes, *, content_type: str) -> Answer:
            self.told.append((url, json.loads(parse_qs(body.decode())["transloadit"][0])))
            return Answer(self.status, "hello")

        monkeypatch.setattr(Outbound, "post", post)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    return Network(monkeypatch)


def deliver(house: House) -> None:
    Outbox(house.engine, Outbound()).deliver_one()
    house.clock.advance(1)


def log_of(house: House, assembly: dict[str, Any]) -> list[dict[str, Any]]:
    answer = house.client.get(f"/assembly_notifications/{assembly['assembly_id']}").get_json()
    assert answer["ok"] == "ASSEMBLY_NOTIFICATIONS_LISTED"
    return list(answer["notifications"])


def replay(house: House, assembly: dict[str, Any], **document: Any) -> TestResponse:
    path = f"/assembly_notifications/{assembly['assembly_id']}/replay"
    return house.client.post(path, data=house.signed(document))


def test_log_tells_of_every_try(house: House, network: Network) -> None:
    assembly = house.assembly(expected=0, notify_url=URL)
    before = log_of(house, assembly)
    for network.status in (500, 204):
        deliver(house)
        house.clock.advance(60)

    log = log_of(house, assembly)

    assert [(each["status"], each["response_code"]) for each in before] == [("processing", None)]
    assert [(each["status"], each["response_code"]) for each in log] == [("error", 500), ("successful", 204)]
    assert {each["url"] for each in log} == {URL}
    assert {each["assembly_id"] for each in log} == {assembly["assembly_id"]}
    assert log[0]["response_data"] == "hello"


def test_replayed_notification_is_sent_at_once(house: House, network: Network) -> None:
    assembly = house.assembly(expected=0, notify_url=URL)
    deliver(house)

    answer = replay(house, assembly).get_json()

    assert (answer["ok"], answer["success"]) == ("ASSEMBLY_NOTIFICATION_REPLAYED", True)
    assert [(url, told["assembly_id"]) for url, told in network.told] == [(URL, assembly["assembly_id"])] * 2
    assert log_of(house, assembly)[-1]["id"] == answer["notification_id"]


def test_replay_elsewhere_leaves_the_status_as_it_was(house: House, network: Network) -> None:
    assembly = house.assembly(expected=0, notify_url=URL)
    deliver(house)

    replay(house, assembly, notify_url=OTHER)

    status = house.status(assembly)
    assert [url for url, _ in network.told] == [URL, OTHER]
    assert (status["notify_url"], status["notify_status"]) == (URL, "successful")


def test_replay_that_need_not_wait_is_left_to_the_outbox(house: House, network: Network) -> None:
    assembly = house.assembly(expected=0, notify_url=URL)
    deliver(house)

    answer = replay(house, assembly, wait=False).get_json()
    sent_before = len(network.told)
    deliver(house)

    assert answer["ok"] == "ASSEMBLY_NOTIFICATION_REPLAYING"
    assert (sent_before, len(network.told)) == (1, 2)


def test_replay_that_is_not_taken_says_so_and_is_not_tried_again(house: House, network: Network) -> None:
    """W17"""
    assembly = house.assembly(expected=0, notify_url=URL)
    deliver(house)
    network.status = 500

    answer = replay(house, assembly)
    house.clock.advance(7200)
    deliver(house)

    assert (answer.status_code, answer.get_json()["error"]) == (400, "ASSEMBLY_NOTIFICATION_NOT_REPLAYED")
    assert [each["response_code"] for each in log_of(house, assembly)] == [200, 500]


def test_replay_reaches_no_private_address(house: House) -> None:
    """W12"""
    assembly = house.assembly(expected=0)

    answer = replay(house, assembly, notify_url="http://169.254.169.254/latest")

    assert answer.get_json()["error"] == "ASSEMBLY_NOTIFICATION_NOT_REPLAYED"
    assert log_of(house, assembly)[0]["response_code"] is None


@pytest.mark.parametrize(
    ("expected", "document", "code"),
    [
        pytest.param(0, {}, "ASSEMBLY_NO_NOTIFY_URL", id="no address"),
        pytest.param(0, {"notify_url": "ftp://x"}, "ASSEMBLY_INVALID_NOTIFY_URL", id="no web address"),
        pytest.param(1, {"notify_url": URL}, "ASSEMBLY_NOTIFICATION_NOT_REPLAYED", id="at work"),
    ],
)
def test_replay_that_cannot_be_is_refused(
    house: House, expected: int, document: dict[str, Any], code: str
) -> None:
    answer = replay(house, house.assembly(expected=expected), **document)

    assert (answer.status_code, answer.get_json()["error"]) == (400, code)


def test_replay_is_for_the_holder_of_the_secret_alone(house: House) -> None:
    """W19"""
    assembly = house.assembly(expected=0, notify_url=URL)
    path = f"/assembly_notifications/{assembly['assembly_id']}"

    unsigned = house.client.post(f"{path}/replay", data={"params": house.signed({})["params"]})
    unknown = house.client.get(f"/assembly_notifications/{'0' * 32}")

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
    house: House, network: Network, parts: object, missing: set[str]
) -> None:
    assembly = house.assembly(expected=0, notify_url=URL, notification_payload=parts)
    deliver(house)
    replay(house, assembly)

    for _, told in network.told:
        assert house.status(assembly).keys() - told.keys() == missing


def test_metadata_can_be_left_out_of_the_payload(house: House, network: Network) -> None:
    parts = ["without_result_meta_data", "without_upload_meta_data"]
    assembly = house.assembly(steps=STORE_ORIGINAL, notify_url=URL, notification_payload=parts)
    house.upload(
        assembly, b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0@\x1f\0\0@\x1f\0\0\x01\0\x08\0data\0\0\0\0"
    )
    house.work()
    deliver(house)

    told = network.told[0][1]

    assert told["uploads"][0]["meta"] == told["results"][":original"][0]["meta"] == {}
    assert told["uploads"][0]["name"] == "cat.txt"
