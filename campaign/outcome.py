"""The outcome of rounds, and the table of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Outcome:
    """One round. was_hit: the fault fell into the moment it was for. cannot: what this machine lacks for it.

    breaches: of invariants, in words.
    """

    fault: str
    seed: int
    was_hit: bool = True
    breaches: tuple[str, ...] = ()
    seconds: float = 0.0
    cannot: str = ""


def table(outcomes: Sequence[Outcome]) -> str:
    """One line for each fault, in the order of their first rounds, and what they say of it."""
    faults = list(dict.fromkeys(outcome.fault for outcome in outcomes))
    rows = [_row(fault, [outcome for outcome in outcomes if outcome.fault == fault]) for fault in faults]
    head = ("fault", "rounds", "hit", "right", "median s", "longest s")
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [head, *rows]
    )


def _row(fault: str, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    lacking = next((outcome.cannot for outcome in outcomes if outcome.cannot), "")
    if lacking:
        return (fault, "-", "-", f"needs {lacking}", "-", "-")
    seconds = [outcome.seconds for outcome in outcomes]
    hit, right = (
        sum(outcome.was_hit for outcome in outcomes),
        sum(not outcome.breaches for outcome in outcomes),
    )
    return (fault, str(len(outcomes)), str(hit), str(right), f"{median(seconds):.0f}", f"{max(seconds):.0f}")
