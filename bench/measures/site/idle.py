"""What everything that `make run` starts costs while nobody does anything."""

from __future__ import annotations

import time

from bench.folders import work_folder
from bench.processes import pss_mb
from bench.row import Row, row_alone
from bench.servers import running_site

SECONDS_TO_SETTLE = 5
MOST_MB = 200


def measure() -> list[Row]:
    with work_folder() as folder, running_site(folder / "data") as site:
        time.sleep(SECONDS_TO_SETTLE)
        idle = pss_mb(site.process.pid)
    return [row_alone("idle memory of it all", idle, most=MOST_MB, unit="MB")]
