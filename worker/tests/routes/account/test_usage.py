"""/bill and /queues/job_slots."""

from __future__ import annotations

import pytest

from ...conftest import TestEngine


@pytest.mark.parametrize("month", ["2026-01", "2099-12"])
def test_every_month_has_its_bill_and_costs_nothing(engine: TestEngine, month: str) -> None:
    answer = engine.client.get(f"/bill/{month}", query_string=engine.signed({})).get_json()

    assert (answer["ok"], answer["date"], answer["total"]) == ("BILL_FOUND", month, 0)


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "26-01", "soon"])
def test_what_is_no_month_has_no_bill(engine: TestEngine, month: str) -> None:
    response = engine.client.get(f"/bill/{month}", query_string=engine.signed({}))

    assert (response.status_code, response.get_json()["error"]) == (404, "SERVER_404")


def test_job_slots_are_as_many_as_jobs_run_at_once(engine: TestEngine) -> None:
    answer = engine.client.get("/queues/job_slots", query_string=engine.signed({})).get_json()

    assert answer["ok"] == "PRIORITY_JOB_SLOTS_FOUND"
    assert answer["priority_job_slots"] == {"count": engine.settings.job_threads, "slots": []}


@pytest.mark.parametrize("path", ["/bill/2026-01", "/queues/job_slots"])
def test_usage_is_told_to_the_holder_of_the_secret_alone(engine: TestEngine, path: str) -> None:
    """W19"""
    response = engine.client.get(path, query_string={"params": engine.signed({})["params"]})

    assert (response.status_code, response.get_json()["error"]) == (400, "NO_SIGNATURE_FIELD")
