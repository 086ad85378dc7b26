"""The template, from the first byte to its first publication, beside bare ffmpeg.

The bytes come as fast as they can. One bare command makes the same files in one pass; the naive chain makes
each from the file before, at x264's own preset.
"""

from __future__ import annotations

import shutil
import statistics
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from e2e.engine import Engine

from bench.commands import yardstick
from bench.folders import work_folder
from bench.row import Row, row_beside
from bench.servers import running_engine
from bench.videos import quality
from bench.videos.publication import published
from bench.videos.sending import send
from bench.videos.sources import busy_source

ROUNDS = 5


@dataclass(frozen=True, kw_only=True)
class _Round:
    """Seconds each took, in turn."""

    ours: float
    fused: float
    naive: float


def measure() -> list[Row]:
    with work_folder() as folder:
        source, kept = busy_source(folder), folder / "ours.mp4"
        bucket = folder / "data" / "bucket"
        with running_engine(folder / "data") as engine:
            rounds = [_round(engine, source, folder, bucket, kept) for _ in range(ROUNDS)]
        return [
            _row(rounds, "fused", 1.03, "one bare ffmpeg"),
            _row(rounds, "naive", 0.45, "a chain at medium"),
            *quality.measure(kept, source, folder),
        ]


def _round(engine: Engine, source: Path, folder: Path, bucket: Path, kept: Path) -> _Round:
    return _Round(
        ours=engine_seconds(engine, source, bucket, kept),
        fused=yardstick("fused.sh", source, folder / "fused").seconds,
        naive=yardstick("naive.sh", source, folder / "naive", "medium").seconds,
    )


def engine_seconds(engine: Engine, source: Path, bucket: Path, kept: Path) -> float:
    """How long the engine takes; the watermarked video is left in `kept`."""
    with published(engine, source, partial(send, body=source)) as done:
        shutil.copyfile(bucket / done.keys["watermarked"], kept)
    return done.stored - done.first_byte


def _row(rounds: list[_Round], reference: str, factor: float, words: str) -> Row:
    return row_beside(
        f"file to published, over {words}",
        statistics.median(each.ours for each in rounds),
        statistics.median(getattr(each, reference) for each in rounds),
        factor=factor,
        beside=words,
    )
