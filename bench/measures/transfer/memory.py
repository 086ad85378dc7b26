"""The memory of the engine's worker process, without ffmpeg, while it makes a video of an upload."""

from __future__ import annotations

from e2e.engine import Engine

from bench.folders import work_folder
from bench.processes import peak_rss_mb
from bench.row import Row, row_alone
from bench.servers import running_engine
from bench.videos.sending import send_index, send_slowly
from bench.videos.sources import busy_source

UPLOAD_SECONDS = 10  # so that it is encoded while it arrives
MOST_MB = 90


def measure() -> list[Row]:
    with work_folder() as folder:
        source = busy_source(folder)
        with running_engine(folder / "data") as engine:
            status = engine.create_assembly({"template_id": "cattube"}, expected_files=1)
            address = engine.create_upload(status, source.name, source.stat().st_size)
            send_index(address, source)
            send_slowly(address, source, seconds=UPLOAD_SECONDS)
            engine.wait_until_finished(status)
            return [memory_row("a video made", engine)]


def memory_row(activity: str, engine: Engine) -> Row:
    """The most that the engine's worker has had since it started: one figure, which no median betters."""
    return row_alone(f"memory of the worker: {activity}", peak_rss_mb(engine.pid), most=MOST_MB, unit="MB")
