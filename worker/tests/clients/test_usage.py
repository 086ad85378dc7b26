"""Notifications sent again, bills and tokens, as the npm SDK, its CLI and pytransloadit ask for them."""

from __future__ import annotations

import json
from pathlib import Path

from transloadit.client import Transloadit

from ..conftest import UPLOAD_ONLY
from .conftest import Cli, NodeSdk, Receiver


def test_notification_is_sent_again(sdk: NodeSdk, receiver: Receiver, letter: Path) -> None:
    params = {"steps": UPLOAD_ONLY, "notify_url": receiver.url}
    asked = {"params": params, "files": {"mail": str(letter)}, "waitForCompletion": True}
    status = sdk.call("createAssembly", asked)
    receiver.next()

    answer = sdk.call("replayAssemblyNotification", status["assembly_id"])

    assert answer["ok"] == "ASSEMBLY_NOTIFICATION_REPLAYED"
    assert json.loads(receiver.next()["transloadit"])["assembly_id"] == status["assembly_id"]


def test_bill_is_found(sdk: NodeSdk, python_sdk: Transloadit) -> None:
    assert sdk.call("getBill", "2026-01")["ok"] == "BILL_FOUND"
    assert python_sdk.get_bill(1, 2026).data["ok"] == "BILL_FOUND"


def test_token_is_minted(cli: Cli) -> None:
    minted = cli.run("auth", "token", "--aud", "api2")

    assert json.loads(minted.stdout)["token_type"] == "Bearer"
