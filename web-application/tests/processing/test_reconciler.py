"""Rounds of the reconciler: what goes wrong in one does not end them."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from cattube.processing import reconciler


@pytest.mark.parametrize("error", [OperationalError("locked"), ValueError("one bad record")])
def test_a_round_that_fails_is_followed_by_the_next(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    rounds: list[int] = []

    def fail_at_first(number: int) -> None:
        rounds.append(number)
        if number == 0:
            raise error

    monkeypatch.setattr(reconciler, "_round", fail_at_first)
    answers = iter([True, True, False])

    reconciler.watch(lambda: next(answers))

    assert rounds == [0, 1]
    assert "trying again" in caplog.text
