"""What everything that `make run` starts costs while nobody does anything."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from e2e.site import start_site

from bench.processes import pss_mb
from bench.row import Row

SECONDS_TO_SETTLE = 5
MOST_MB = 200


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="cattube-bench-") as name:
        site = start_site(Path(name) / "data")
        try:
            time.sleep(SECONDS_TO_SETTLE)
            idle = pss_mb(site.process.pid)
        finally:
            site.stop()
    return [
        Row(
            name="idle memory of it all",
            ours=idle,
            reference=MOST_MB,
            unit="MB",
            limit=MOST_MB,
            bar=f"{MOST_MB} MB",
        )
    ]
