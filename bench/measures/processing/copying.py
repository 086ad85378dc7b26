"""Ten minutes of video that already are what a step would make of them: from the last byte to the result.

Beside it the bare command that copies them, with the index at the front.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from e2e.engine import Engine

from bench.commands import timed
from bench.folders import work_folder
from bench.row import Row
from bench.servers import running_engine
from bench.videos.assemblies import run_assembly
from bench.videos.sources import fitting_source

ROUNDS = 5
MOST_SECONDS = 1.5
TEMPLATE = {
    "steps": {
        ":original": {"robot": "/upload/handle"},
        "playable": {
            "robot": "/video/encode",
            "use": ":original",
            "preset": "web/mp4/720p",
            "resize_strategy": "fit",
            "zoom": False,
        },
        "exported": {
            "robot": "/backblaze/store",
            "use": "playable",
            "credentials": "cattube",
            "path": "${previous_step.name}/${assembly.id}/${file.url_name}",
        },
    }
}


def measure() -> list[Row]:
    ours, reference = list[float](), list[float]()
    with work_folder() as folder:
        source = fitting_source(folder)
        with running_engine(folder / "data") as engine:
            for _ in range(ROUNDS):
                ours.append(_seconds_after_last_byte(engine, source))
                reference.append(_bare_seconds(source, folder / "bare.mp4"))
    return [
        Row(
            name="last byte to playable: 10 minutes that fit",
            ours=statistics.median(ours),
            reference=statistics.median(reference),
            unit="s",
            limit=MOST_SECONDS,
            bar=f"{MOST_SECONDS} s",
        )
    ]


def _bare_seconds(source: Path, target: Path) -> float:
    reading, writing = ("-i", source), ("-c", "copy", "-movflags", "+faststart", target)
    return timed("ffmpeg", "-y", "-nostdin", "-v", "error", *reading, *writing).seconds


def _seconds_after_last_byte(engine: Engine, source: Path) -> float:
    last_byte = run_assembly(engine, TEMPLATE, source)
    return time.perf_counter() - last_byte
