"""Four videos one after the other: each is sent as soon as the one before can be watched.

So the ladders of those before are due all the while. Beside each row of videos one bare command makes the
same first files, with the machine to itself. The bytes come as fast as they can.
"""

from __future__ import annotations

import statistics
from functools import partial
from pathlib import Path

from e2e.engine import Engine

from bench.commands import yardstick
from bench.folders import work_folder
from bench.row import Row, row_beside
from bench.servers import running_engine
from bench.videos.publication import Publication, cancel, publish
from bench.videos.sending import send
from bench.videos.sources import busy_source

ROUNDS, VIDEOS = 3, 4
FACTOR = 1.1


def measure() -> list[Row]:
    bare, rounds = list[float](), list[list[float]]()
    with work_folder() as folder:
        source = busy_source(folder)
        with running_engine(folder / "data") as engine:
            for _ in range(ROUNDS):
                bare.append(yardstick("fused.sh", source, folder / "bare").seconds)
                rounds.append(_row_of_videos(engine, source))
    return [
        row_beside(
            f"last byte to published: video {number} of {VIDEOS} in a row",
            statistics.median(seconds),
            statistics.median(bare),
            factor=FACTOR,
            beside="one bare ffmpeg",
        )
        for number, seconds in enumerate(zip(*rounds, strict=True), start=1)
    ]


def _row_of_videos(engine: Engine, source: Path) -> list[float]:
    """Seconds from the last byte of each video to its first publication."""
    done = list[Publication]()
    try:
        for _ in range(VIDEOS):
            done.append(publish(engine, source, partial(send, body=source)))
    finally:
        cancel(engine, *(publication.status for publication in done))
    return [publication.stored - publication.last_byte for publication in done]
