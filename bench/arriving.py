"""Encoding while the bytes arrive: from the last byte of a slow upload to all assets stored.

Beside it the bare command on the finished file. The upload takes longer than that, as on a home line.
"""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
from e2e.engine import Engine

from bench.pipeline import ROUNDS, YARDSTICKS, bare_seconds
from bench.row import Row
from bench.servers import running_engine

UPLOAD_FACTOR = 1.6  # of the bare command's time
BLOCK_BYTES = 64 * 1024


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="cattube-bench-") as name:
        folder = Path(name)
        subprocess.run([str(YARDSTICKS / "source.sh"), name], check=True)
        last = folder / "source.mp4"
        first = _with_index_first(last)
        with running_engine(folder / "data") as engine:
            return [
                _row(engine, "slow upload, index at the front", first, folder),
                _row(engine, "slow upload, index sent ahead", last, folder),
            ]


def _row(engine: Engine, name: str, source: Path, folder: Path) -> Row:
    ours, reference = [], []
    for _ in range(ROUNDS):
        reference.append(bare_seconds(source, folder / "bare"))
        ours.append(_seconds_after_last_byte(engine, source, upload_seconds=reference[-1] * UPLOAD_FACTOR))
    return Row(
        name=f"{name}, last byte to stored",
        ours=statistics.median(ours),
        reference=statistics.median(reference),
        unit="s",
        bar="<= 0.15 x one bare ffmpeg + 0.3 s",
    )


def _seconds_after_last_byte(engine: Engine, source: Path, *, upload_seconds: float) -> float:
    size_bytes = source.stat().st_size
    status = engine.create_assembly({"template_id": "cattube"}, expected_files=1)
    address = engine.create_upload(status, source.name, size_bytes)
    start, index = _index(source)
    httpx.post(f"{address}/index", headers={"Index-Offset": str(start)}, content=index).raise_for_status()
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
        "Content-Length": str(size_bytes),
    }
    httpx.patch(address, headers=headers, content=_slowly(source, upload_seconds)).raise_for_status()
    last_byte = time.perf_counter()
    engine.wait_until_finished(status)
    return time.perf_counter() - last_byte


def _slowly(source: Path, seconds: float) -> Iterator[bytes]:
    body, start = source.read_bytes(), time.perf_counter()
    for place in range(0, len(body), BLOCK_BYTES):
        block = body[place : place + BLOCK_BYTES]
        due = start + seconds * (place + len(block)) / len(body)
        time.sleep(max(0.0, due - time.perf_counter()))
        yield block


def _index(source: Path) -> tuple[int, bytes]:
    """Where the `moov` box lies, and what it is."""
    movie, place = source.read_bytes(), 0
    while (kind := movie[place + 4 : place + 8]) != b"moov":
        size_bytes = int.from_bytes(movie[place : place + 4])
        place += int.from_bytes(movie[place + 8 : place + 16]) if size_bytes == 1 else size_bytes
        if not kind:
            raise RuntimeError(f"there is no index in {source}")
    return place, movie[place : place + int.from_bytes(movie[place : place + 4])]


def _with_index_first(source: Path) -> Path:
    target = source.with_name("index-first.mp4")
    argv = ["ffmpeg", "-v", "error", "-y", "-i", str(source), "-c", "copy", "-movflags", "+faststart"]
    subprocess.run([*argv, str(target)], check=True)
    return target
