"""The course of what goes from state to state. Pure."""

from __future__ import annotations

from collections.abc import Sequence


def is_forward(course: Sequence[str], order: Sequence[str]) -> bool:
    """True when all states are of the order, and none comes after one that it stands before there."""
    places = [order.index(state) if state in order else -1 for state in course]
    return places == sorted(places) and -1 not in places
