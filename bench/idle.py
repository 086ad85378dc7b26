"""What everything that `make run` starts costs while nobody does anything."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from e2e.site import start_site

from bench.processes import pss_mib
from bench.row import Row

SECONDS_TO_SETTLE = 5


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="cattube-bench-") as name:
        site = start_site(Path(name) / "data")
        try:
            time.sleep(SECONDS_TO_SETTLE)
            idle = pss_mib(site.process.pid)
        finally:
            site.stop()
    return [Row(name="idle memory of it all", ours=idle, reference=300, unit="MiB PSS", bar="< 300 MB")]
