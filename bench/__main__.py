"""Measure all and print the table; bench/results.json and results.svg say the same.

`python -m bench pipeline idle` picks some.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench.chart import chart
from bench.measures.cluster import claims, notifications, one_machine, parts, remote_jobs, traffic
from bench.measures.processing import (
    arriving,
    by_script,
    captions,
    copying,
    first_segment,
    in_a_row,
    ladder,
    original,
    pictures,
    pipeline,
    watching,
)
from bench.measures.site import answering, idle, library, site_answering, slow_visitors
from bench.measures.transfer import buckets, memory, receiving, slow_uploads
from bench.row import Row, table, write

MEASURES = {
    "pipeline": pipeline.measure,
    "pictures": pictures.measure,
    "arriving": arriving.measure,
    "first_segment": first_segment.measure,
    "watching": watching.measure,
    "in_a_row": in_a_row.measure,
    "by_script": by_script.measure,
    "copying": copying.measure,
    "original": original.measure,
    "captions": captions.measure,
    "ladder": ladder.measure,
    "parts": parts.measure,
    "receiving": receiving.measure,
    "memory": memory.measure,
    "slow_uploads": slow_uploads.measure,
    "slow_visitors": slow_visitors.measure,
    "answering": answering.measure,
    "site_answering": site_answering.measure,
    "buckets": buckets.measure,
    "library": library.measure,
    "notifications": notifications.measure,
    "claims": claims.measure,
    "remote_jobs": remote_jobs.measure,
    "one_machine": one_machine.measure,
    "traffic": traffic.measure,
    "idle": idle.measure,
}
RESULTS = Path(__file__).parent / "results.json"


def main(names: list[str]) -> None:
    rows: list[Row] = []
    for name in names or MEASURES:
        rows += MEASURES[name]()
        # After each: what was measured is kept even if the next one breaks.
        write(rows, RESULTS)
        RESULTS.with_suffix(".svg").write_text(chart(rows))
    sys.stdout.write(table(rows) + "\n")


main(sys.argv[1:])
