"""Addresses of queues, read as the other room reads them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from servers.processes import ROOT

from cattube_worker.queues.address import BadQueueAddress, read_address

NOTHING_MORE = {
    "user": "",
    "password": "",
    "is_tls": False,
    "ca_file": "",
    "sasl": "PLAIN",
    "is_idempotent": True,
}
CASES = json.loads((ROOT / "contract" / "queues.json").read_text())


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
