"""A ladder of four renditions: what all processors together spend on it, in one process of the engine's.

Beside it four commands of the same options, each with the file to itself. As in our template, one rendition
carries the sound of all. The engine's own work counts too.
"""

from __future__ import annotations

import statistics
from pathlib import Path

from e2e.engine import Engine

from bench.commands import yardstick
from bench.folders import work_folder
from bench.processes import adopting, cpu_seconds
from bench.row import Row, row_beside
from bench.servers import running_engine
from bench.videos.assemblies import run_assembly
from bench.videos.sources import busy_source

ROUNDS = 5
FACTOR = 0.9
ORIGINAL = {":original": {"robot": "/upload/handle"}}
PRESETS = ("dash/1080p-video", "hls/720p", "dash/480p-video", "dash/360p-video")
RENDITIONS = {
    preset: {
        "robot": "/video/encode",
        "use": ":original",
        "preset": preset,
        "resize_strategy": "fit",
        "zoom": False,
    }
    for preset in PRESETS
}


def measure() -> list[Row]:
    ours, reference = list[float](), list[float]()
    with work_folder() as folder:
        source = busy_source(folder)
        with running_engine(folder / "data") as engine, adopting() as adopted_cpu_seconds:
            for _ in range(ROUNDS):
                ours.append(_engine_cpu_seconds(engine, source) + adopted_cpu_seconds())
                reference.append(yardstick("ladder.sh", source, folder / "bare").cpu_seconds)
    return [
        row_beside(
            "ladder of four, CPU",
            statistics.median(ours),
            statistics.median(reference),
            factor=FACTOR,
            beside="four separate runs",
        )
    ]


def _engine_cpu_seconds(engine: Engine, source: Path) -> float:
    before = cpu_seconds(engine.pid)
    # No clock runs here, and what answers to polls cost is no part of a ladder.
    run_assembly(engine, {"steps": ORIGINAL | RENDITIONS}, source, poll_seconds=1)
    return cpu_seconds(engine.pid) - before
