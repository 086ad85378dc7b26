"""Measure all, print the table, write bench/results.json; `python -m bench pipeline idle` picks some."""

from __future__ import annotations

import sys
from pathlib import Path

from bench import answering, arriving, buckets, idle, library, pipeline, receiving
from bench.row import table, write

MEASURES = {
    "pipeline": pipeline.measure,
    "arriving": arriving.measure,
    "receiving": receiving.measure,
    "answering": answering.measure,
    "buckets": buckets.measure,
    "library": library.measure,
    "idle": idle.measure,
}
RESULTS = Path(__file__).parent / "results.json"


def main(names: list[str]) -> None:
    rows = [row for name in names or MEASURES for row in MEASURES[name]()]
    write(rows, RESULTS)
    sys.stdout.write(table(rows) + "\n")


main(sys.argv[1:])
