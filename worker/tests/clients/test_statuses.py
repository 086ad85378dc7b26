"""Every status document of the whole test run, before the SDK's own schema."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..conftest import UPLOAD_ONLY
from ..server.conftest import Server
from ..statuses import recorded_statuses
from .conftest import NodeSdk

BLOCK = 200


def test_every_status_ever_emitted_is_as_the_sdk_knows_it(
    engine: Server, sdk: NodeSdk, status_record: Path
) -> None:
    engine.wait_for_end(engine.assembly(expected=0, steps=UPLOAD_ONLY))

    statuses = recorded_statuses(status_record)

    assert "ASSEMBLY_COMPLETED" in {status.get("ok") for status in statuses}
    blocks = [statuses[start : start + BLOCK] for start in range(0, len(statuses), BLOCK)]
    complaints = [complaint for block in blocks for complaint in sdk.call("complaints", {"statuses": block})]
    assert complaints == []


@pytest.mark.parametrize(
    "change",
    [{"error": None}, {"info": None}, {"ok": None, "error": "CAT_ON_KEYBOARD"}, {"tus_uploads": [{}]}],
)
def test_schema_notices_what_clients_stumble_over(
    engine: Server, sdk: NodeSdk, change: dict[str, object]
) -> None:
    status = engine.assembly()

    assert len(sdk.call("complaints", {"statuses": [{**status, **change}]})) == 1
