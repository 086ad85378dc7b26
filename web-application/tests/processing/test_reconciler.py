"""Rounds of the reconciler: what goes wrong in one does not end them."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from cattube.processing import reconciler

ROUNDS = reconciler.ROUNDS_PER_HOUSEKEEPING + 1


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError("locked"), ValueError("one bad record")])
@pytest.mark.parametrize("failing", [None, "poll", "first", "second", "daily"])
def test_w86_task_that_fails_holds_up_no_other_and_no_later_round(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception, failing: str | None
) -> None:
    attempted: list[str] = []

    def attempt(task: str) -> int:
        attempted.append(task)
        if task == failing:
            raise error
        return 0

    monkeypatch.setattr(reconciler, "poll_quiet_videos", lambda now: attempt("poll"))
    monkeypatch.setattr(reconciler, "HOUSEKEEPING", (lambda: attempt("first"), lambda: attempt("second")))
    monkeypatch.setattr(reconciler, "clear_expired", lambda: attempt("daily"))
    left = iter([True] * ROUNDS + [False])

    reconciler.watch(lambda: next(left))

    between = ["poll"] * (ROUNDS - 1)
    assert attempted == ["poll", "first", "second", "daily", *between, "first", "second"]
    assert ("trying again" in caplog.text) == (failing is not None)
