"""The template's wall time from last byte to assets stored, beside the bare best ffmpeg command."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from e2e.engine import Engine
from e2e.site import ROOT

from bench.receiving import send
from bench.row import Row
from bench.servers import running_engine

YARDSTICKS = ROOT / "bench" / "yardsticks"
WATERMARK = ROOT / "worker" / "cattube_worker" / "assets" / "watermark.png"
ROUNDS = 3


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="cattube-bench-") as name:
        folder = Path(name)
        subprocess.run([str(YARDSTICKS / "source.sh"), name], check=True)
        source = folder / "source.mp4"
        ours, reference = [], []
        with running_engine(folder / "data") as engine:
            for _ in range(ROUNDS):
                ours.append(_engine_seconds(engine, source))
                reference.append(bare_seconds(source, folder / "bare"))
    return [
        Row(
            name="template, last byte to stored",
            ours=statistics.median(ours),
            reference=statistics.median(reference),
            unit="s",
            bar="<= 1.05 x one bare ffmpeg",
        )
    ]


def _engine_seconds(engine: Engine, source: Path) -> float:
    status = engine.create_assembly({"template_id": "cattube"}, expected_files=1)
    address = engine.create_upload(status, source.name, source.stat().st_size)
    send(address, source, source.stat().st_size)
    start = time.perf_counter()
    engine.wait_until_finished(status)
    return time.perf_counter() - start


def bare_seconds(source: Path, folder: Path) -> float:
    """How long the best single command takes for the same files."""
    start = time.perf_counter()
    subprocess.run(
        [str(YARDSTICKS / "fused.sh"), str(source), str(folder)],
        check=True,
        env={**os.environ, "WATERMARK": str(WATERMARK)},
    )
    return time.perf_counter() - start
