"""The watermarked video of every kind of footage, beside a chain: no more bytes, and a better picture."""

from __future__ import annotations

from bench.folders import work_folder
from bench.measures.processing.pipeline import engine_seconds
from bench.row import Row
from bench.servers import running_engine
from bench.videos import quality
from bench.videos.footage import FOOTAGE


def measure() -> list[Row]:
    rows = list[Row]()
    with work_folder() as folder, running_engine(folder / "data") as engine:
        for kind, film in FOOTAGE.items():
            source, kept = film.make(folder), folder / "ours.mp4"
            engine_seconds(engine, source, folder / "data" / "bucket", kept)
            rows += quality.measure(kept, source, folder, of=kind)
    return rows
