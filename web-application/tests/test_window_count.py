"""Counts within a window of time."""

import pytest
from django.core.cache import cache

from cattube.window_count import count_in_window


def test_each_key_is_counted_from_its_first() -> None:
    assert [count_in_window(key, 60) for key in ("a", "b", "a", "a")] == [1, 1, 2, 3]


def test_window_that_ends_while_it_is_counted_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "add", lambda *_: False)

    assert count_in_window("ended", 60) == 1
