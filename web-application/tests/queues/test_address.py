"""Addresses of queues, read as the other room reads them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from contract_files import CONTRACT

from cattube.queues.address import BadQueueAddress, is_queue_reference, read_address, without_password

NOTHING_MORE = {
    "user": "",
    "password": "",
    "is_tls": False,
    "ca_file": "",
    "sasl": "PLAIN",
    "is_idempotent": True,
}
CASES = json.loads((CONTRACT / "queues.json").read_text())


@pytest.mark.parametrize("case", CASES["addresses"], ids=lambda case: case["address"])
def test_address_names_broker_and_queue(case: dict[str, Any]) -> None:
    queue = read_address(case["address"], default_name="cattube.default")

    servers = [list(server) for server in queue.servers]
    assert {**vars(queue), "servers": servers} == {
        **NOTHING_MORE,
        **case["queue"],
    }


@pytest.mark.parametrize("case", CASES["wrong"], ids=lambda case: case["address"])
def test_wrong_address_is_told_in_words(case: dict[str, str]) -> None:
    with pytest.raises(BadQueueAddress, match=case["message"].replace("?", r"\?")):
        read_address(case["address"], default_name="cattube.default")


def test_queue_is_named_to_people_without_its_password_and_to_clients_without_its_place() -> None:
    queue = read_address("amqp://cats:meow@broker.lan/tube?queue=cats", default_name="")

    assert str(queue) == "cats at amqp://broker.lan:5672"
    assert queue.reference == "amqp:cats"
    assert is_queue_reference(queue.reference)
    assert "meow" not in repr(queue)
    assert without_password("amqp://cats:me@ow@broker/") == "amqp://***@broker/"


def test_dead_letters_have_one_place_however_often_it_is_asked_for() -> None:
    queue = read_address("kafka://broker.lan/cats", default_name="")

    assert queue.dead_letters.name == "cats.dead"
    assert queue.dead_letters.dead_letters == queue.dead_letters
