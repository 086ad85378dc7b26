"""Encoding while the bytes arrive: from the last byte of an upload to the first publication.

Beside it the bare command on the finished file, which takes T_p; it runs once in each round, for all uploads
of the round. An upload takes T_u: longer than T_p, as on a home line, or what its rate makes of it.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from e2e.engine import Engine

from bench.commands import yardstick
from bench.folders import work_folder
from bench.row import Row
from bench.servers import running_engine
from bench.videos.publication import published
from bench.videos.sending import send_index, send_slowly
from bench.videos.sources import busy_source, with_index_first

ROUNDS = 5
SLOWER_THAN_BARE = 1.6
RATES_MBPS = (8, 20, 50, 100)


@dataclass(frozen=True, kw_only=True)
class _Way:
    """One way in which the file comes. mbps: None for slower than it is encoded."""

    name: str
    source: Path
    mbps: int | None = None


@dataclass(frozen=True, kw_only=True)
class _Arrival:
    """upload_seconds: from the first byte to the last. after_seconds: from there to the first publication."""

    upload_seconds: float
    after_seconds: float


def measure() -> list[Row]:
    with work_folder() as folder:
        ways = _ways(busy_source(folder))
        bare, arrivals = list[float](), {way: list[_Arrival]() for way in ways}
        with running_engine(folder / "data") as engine:
            for _ in range(ROUNDS):
                bare.append(yardstick("fused.sh", ways[0].source, folder / "bare").seconds)
                for way in ways:
                    arrivals[way].append(_arrive(engine, way, bare_seconds=bare[-1]))
    return [_row(way, statistics.median(bare), arrivals[way]) for way in ways]


def _ways(source: Path) -> list[_Way]:
    return [
        _Way(name="slow, index at the front", source=with_index_first(source)),
        _Way(name="slow, index sent ahead", source=source),
        *(_Way(name=f"{mbps} Mbit/s", source=source, mbps=mbps) for mbps in RATES_MBPS),
    ]


def _arrive(engine: Engine, way: _Way, *, bare_seconds: float) -> _Arrival:
    bits = way.source.stat().st_size * 8
    seconds = bits / way.mbps / 1e6 if way.mbps else bare_seconds * SLOWER_THAN_BARE
    with published(engine, way.source, partial(_send, source=way.source, seconds=seconds)) as done:
        return _Arrival(
            upload_seconds=done.last_byte - done.first_byte, after_seconds=done.stored - done.last_byte
        )


def _send(address: str, *, source: Path, seconds: float) -> float:
    send_index(address, source)
    return send_slowly(address, source, seconds=seconds)


def _row(way: _Way, bare: float, arrivals: list[_Arrival]) -> Row:
    upload = statistics.median(each.upload_seconds for each in arrivals)
    return Row(
        name=f"last byte to published: {way.name}",
        ours=statistics.median(each.after_seconds for each in arrivals),
        reference=bare,
        unit="s",
        limit=max(bare - upload, 0) + 0.15 * bare + 0.3,
        bar=f"max(T_p - T_u, 0) + 0.15 T_p + 0.3 s, T_u = {upload:.1f} s",
    )
