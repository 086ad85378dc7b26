"""Cues: texts, each with the time during which it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cue:
    """Text and the time during which it is shown. Its lines end in newlines but for the last."""

    start_seconds: float
    end_seconds: float
    text: str


def part_of(cues: Sequence[Cue], start_seconds: float, end_seconds: float) -> list[Cue]:
    """Cues shown between those moments, in times from the first of them."""
    return [
        Cue(
            max(0.0, cue.start_seconds - start_seconds),
            min(cue.end_seconds, end_seconds) - start_seconds,
            cue.text,
        )
        for cue in cues
        if cue.end_seconds > start_seconds and cue.start_seconds < end_seconds
    ]
