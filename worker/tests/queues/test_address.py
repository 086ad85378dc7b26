"""Addresses of queues, read as the other room reads them."""

from __future__ import annotations

import json
import subprocess
import sys
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


def test_f113_client_that_celery_has_loaded_is_there() -> None:
    """F113: in a process of its own, as a worker host is one."""
    asked = "missing_package(read_address('amqp://broker.lan', default_name='cats'))"
    loaded = "import celery.__main__, kombu; kombu.Connection; assert kombu.__spec__ is None"
    imports = "from cattube_worker.queues.address import missing_package, read_address"

    done = subprocess.run(
        [sys.executable, "-c", f"{loaded}; {imports}; print(repr({asked}))"],
        cwd=ROOT / "worker",
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "''\n", done.stderr
