"""Peaks of a sound: its lowest and highest sample in each of many short stretches."""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from cattube_worker.media.encode.command import Command, FileInput
from cattube_worker.media.encode.output import Output
from cattube_worker.media.encode.render import render
from cattube_worker.media.encode.source import Source
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.filter_escaping import in_filter
from cattube_worker.media.workspace import Workspace

MOST_STRETCHES = 1_000_000
USUAL_RATE = 48_000
# Columns of a picture are put together from these: how long a file says it is can be a guess.
STRETCHES_A_COLUMN = 4
_LEVEL = re.compile(r"lavfi\.astats\.(?P<channel>\d+)\.(?P<end>Min|Max)_level=(?P<level>-?[\d.]+)")


@dataclass(frozen=True)
class Channel:
    """Lowest and highest sample of each stretch, from -32768 to 32767."""

    lows: array[int]
    highs: array[int]

    def __len__(self) -> int:
        return len(self.lows)

    def fitted(self, count: int) -> Channel:
        """The same sound in exactly so many stretches."""
        bounds = [index * len(self) // count for index in range(count + 1)]
        parts = [slice(start, max(end, start + 1)) for start, end in pairwise(bounds)]
        return Channel(
            array("h", [min(self.lows[part]) for part in parts]),
            array("h", [max(self.highs[part]) for part in parts]),
        )

    def louder(self, factor: float) -> Channel:
        """The same sound by so much louder, cut off where it would be too loud."""
        return Channel(
            array("h", [max(-32768, min(32767, round(low * factor))) for low in self.lows]),
            array("h", [max(-32768, min(32767, round(high * factor))) for high in self.highs]),
        )


@dataclass(frozen=True, kw_only=True)
class Listening:
    """What of a sound counts, and how closely.

    starts_at, ends_at_seconds: the part; None for the end of the sound. filters: of the step's own.
    """

    sample_rate: int
    samples_each: int
    keeps_channels: bool = False
    starts_at_seconds: float = 0
    ends_at_seconds: float | None = None
    filters: Sequence[str] = ()

    @property
    def stretches_per_second(self) -> float:
        return self.sample_rate / self.samples_each

    def audio_filters(self, notes: Path) -> tuple[str, ...]:
        """Filters that write the peaks down at `notes`. Pure."""
        mono = "" if self.keeps_channels else ":channel_layouts=mono"
        end = "" if self.ends_at_seconds is None else f":end={self.ends_at_seconds:.6f}"
        is_part = self.starts_at_seconds > 0 or end
        part = (f"atrim=start={self.starts_at_seconds:.6f}{end}",) if is_part else ()
        return (
            *part,
            *self.filters,
            f"aformat=sample_fmts=s16:sample_rates={self.sample_rate}{mono}",
            f"asetnsamples=n={self.samples_each}:p=0",
            "astats=metadata=1:reset=1:measure_perchannel=Min_level+Max_level:measure_overall=none",
            f"ametadata=mode=print:file={in_filter(str(notes))}",
        )


def samples_in_each(stretches: int, *, seconds: float, sample_rate: int) -> int:
    """Samples in a stretch, so that a sound of that length has about so many; 0 seconds are unknown."""
    return max(1, math.ceil(seconds * sample_rate / stretches)) if seconds else sample_rate // 50


def measure_peaks(
    path: Path,
    listening: Listening,
    *,
    source: Source,
    name: str,
    duration_seconds: float,
    workspace: Workspace,
) -> list[Channel]:
    """The peaks of each channel of a file, which people call `name`.

    source: its sound. duration_seconds: of the file, for progress.
    Raises InvalidInput, CommandFailed, CommandTimeout, Stopped.
    """
    _check_count(duration_seconds * listening.stretches_per_second, name)
    notes = workspace.folder / "peaks.txt"
    output = Output(
        path=workspace.folder / "nothing",
        audio=("-c:a", "pcm_s16le"),
        audio_filters=listening.audio_filters(notes),
        container=("-f", "null"),
        # A file may last longer than it says.
        lasts_seconds=(MOST_STRETCHES + 1) / listening.stretches_per_second,
        bounds=frozenset({"duration"}),
    ).from_source(source, filters=())
    render(
        Command(inputs=[FileInput(path)], outputs=[output]),
        name=name,
        duration_seconds=duration_seconds,
        workspace=workspace,
    )
    with notes.open(encoding="ascii") as lines:
        channels = read_peaks(lines)
    notes.unlink()
    if not channels:
        raise InvalidInput(f'"{name}" holds no sound we can read.')
    _check_count(len(channels[0]), name)
    return channels


def _check_count(stretches: float, name: str) -> None:
    if stretches > MOST_STRETCHES:
        raise InvalidInput(
            f'"{name}" would have {stretches:,.0f} points, where {MOST_STRETCHES:,} are allowed: '
            "ask for fewer of them in a second."
        )


def read_peaks(lines: Iterable[str]) -> list[Channel]:
    """The peaks of each channel in what `ametadata` printed. Pure."""
    channels: list[Channel] = []
    for line in lines:
        match = _LEVEL.match(line)
        if match is None:
            continue
        while len(channels) < int(match["channel"]):
            channels.append(Channel(array("h"), array("h")))
        channel = channels[int(match["channel"]) - 1]
        ends = channel.lows if match["end"] == "Min" else channel.highs
        ends.append(max(-32768, min(32767, round(float(match["level"])))))
    return [channel for channel in channels if len(channel.lows) == len(channel.highs) > 0]
