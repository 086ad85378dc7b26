"""Status documents before the schemas of several releases of the SDK.

The fixture `status_record` brings those of the whole run there when the last test has run.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ..conftest import UPLOAD_ONLY, TestEngine
from ..server.conftest import Server
from ..statuses import recorded_statuses
from .conftest import NodeSdk

CONTRACT = Path(__file__).parents[3] / "contract" / "statuses"
BLOCK = 200


def test_every_status_ever_emitted_is_as_the_sdk_knows_it(
    server: Server, engine: TestEngine, sdk: NodeSdk, status_record: Path
) -> None:
    """One of each kind is made here, by an engine in this process and one in another: both must be noted."""
    ended = server.wait_for_end(server.assembly(expected=0, steps=UPLOAD_ONLY))
    waiting = engine.assembly()
    engine.client.delete(f"/assemblies/{waiting['assembly_id']}")

    statuses = recorded_statuses(status_record)

    outcomes = {(status["assembly_id"], status.get("ok")) for status in statuses}
    assert outcomes >= {
        (ended["assembly_id"], "ASSEMBLY_COMPLETED"),
        (waiting["assembly_id"], "ASSEMBLY_UPLOADING"),
        (waiting["assembly_id"], "ASSEMBLY_CANCELED"),
    }
    blocks = [statuses[start : start + BLOCK] for start in range(0, len(statuses), BLOCK)]
    complaints = [complaint for block in blocks for complaint in sdk.call("complaints", {"statuses": block})]
    assert complaints == []


@pytest.mark.parametrize(
    "change",
    [
        {"error": None},
        {"info": None},
        {"ok": None, "error": "CAT_ON_KEYBOARD"},
        {"tus_uploads": [{}]},
        pytest.param({"account_id": None}, id="T50: account_id"),
        pytest.param({"companion_url": None}, id="T50: companion_url"),
        pytest.param({"uploads": [{"original_id": "a"}]}, id="T50: half an upload"),
    ],
)
def test_schema_notices_what_clients_stumble_over(
    server: Server, sdk: NodeSdk, change: dict[str, object]
) -> None:
    """T50: what the newest release takes, an older one may not."""
    status = server.assembly()

    assert len(sdk.call("complaints", {"statuses": [{**status, **change}]})) == 1


def test_statuses_of_the_contract_are_as_the_sdk_knows_them(sdk: NodeSdk) -> None:
    """Those of the hosted service alone included, which no engine of ours makes."""
    shown = {path.stem: json.loads(path.read_text()) for path in CONTRACT.glob("*.json")}

    assert "request_aborted" in shown
    complaints = {name: sdk.call("complaints", {"statuses": [each]}) for name, each in shown.items()}
    assert {name: found for name, found in complaints.items() if found} == {}
