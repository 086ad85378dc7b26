"""The milestone in the params of a new assembly, and whether a status has reached it."""

from __future__ import annotations

from typing import Any

import pytest

from cattube_worker.protocol.params.await_params import Milestone, is_reached, read_milestone


@pytest.mark.parametrize(
    ("document", "milestone"),
    [
        pytest.param({}, Milestone.CREATED, id="neither"),
        pytest.param({"blocking": True}, Milestone.ENDED, id="blocking"),
        pytest.param({"blocking": False}, Milestone.CREATED, id="not blocking"),
        pytest.param({"await": True}, Milestone.ENDED, id="await"),
        pytest.param({"await": "transcoding"}, Milestone.ENDED, id="transcoding"),
        pytest.param({"await": "persisting"}, Milestone.ENDED, id="persisting"),
        pytest.param({"await": "notification"}, Milestone.NOTIFIED, id="notification"),
        pytest.param({"await": False, "blocking": True}, Milestone.CREATED, id="await counts"),
        pytest.param({"await": ["transcoding"]}, Milestone.CREATED, id="w08 no word"),
        pytest.param({"await": "dinner"}, Milestone.CREATED, id="w08 another word"),
    ],
)
def test_await_names_a_milestone(document: dict[str, Any], milestone: Milestone) -> None:
    assert read_milestone(document) is milestone


ENDED = {"ok": "ASSEMBLY_COMPLETED", "notify_status": None}
FAILED = {"error": "INVALID_INPUT_ERROR", "notify_status": None}


@pytest.mark.parametrize(
    ("milestone", "status", "expected"),
    [
        (Milestone.CREATED, {"ok": "ASSEMBLY_EXECUTING"}, True),
        (Milestone.ENDED, {"ok": "ASSEMBLY_UPLOADING"}, True),
        (Milestone.ENDED, {"ok": "ASSEMBLY_EXECUTING"}, False),
        (Milestone.ENDED, {"ok": "ASSEMBLY_REPLAYING"}, False),
        (Milestone.ENDED, {**ENDED, "notify_status": "processing"}, True),
        (Milestone.ENDED, FAILED, True),
        (Milestone.NOTIFIED, {**ENDED, "notify_status": "processing"}, False),
        (Milestone.NOTIFIED, {**FAILED, "notify_status": "processing"}, False),
        (Milestone.NOTIFIED, {**ENDED, "notify_status": "successful"}, True),
        (Milestone.NOTIFIED, {**ENDED, "notify_status": "error"}, True),
        (Milestone.NOTIFIED, ENDED, True),
    ],
)
def test_milestone_is_reached(milestone: Milestone, status: dict[str, Any], expected: bool) -> None:
    assert is_reached(milestone, status) is expected
