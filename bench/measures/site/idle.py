"""What everything that `make run` starts costs while nobody does anything."""

from __future__ import annotations

import time

from e2e.site import start_site

from bench.folders import work_folder
from bench.processes import pss_mb
from bench.row import Row, row_alone

SECONDS_TO_SETTLE = 5
MOST_MB = 200


def measure() -> list[Row]:
    with work_folder() as folder:
        site = start_site(folder / "data")
        try:
            time.sleep(SECONDS_TO_SETTLE)
            idle = pss_mb(site.process.pid)
        finally:
            site.stop()
    return [row_alone("idle memory of it all", idle, most=MOST_MB, unit="MB")]
