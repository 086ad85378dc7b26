"""What a hundred presigned thumbnails cost the library page, and a hundred thousand videos the site."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from e2e.site import ROOT, clean_environment
from servers.postgres import postgres
from servers.processes import ServerUnavailable

from bench.folders import work_folder
from bench.row import Row, row_beside

# Signing asks nobody, so no bucket has to be there.
BUCKET = {
    "AWS_PRIVATE_BUCKET_NAME": "cats",
    "AWS_S3_REGION_NAME": "us-west-004",
    "AWS_ACCESS_KEY_ID": "id",
    "AWS_SECRET_ACCESS_KEY": "key",
}
# Of the page whose videos have no thumbnails.
MOST_TIMES_BARE = 1.5
FEW, MANY = 1_000, 100_000
MOST_TIMES_FEW = 1.5
# Milliseconds for each page that `library_size.py` knows.
MOST_MS = {"home": 50, "search of two words": 50, "type-ahead": 30, "watch": 50}


def measure() -> list[Row]:
    return [_thumbnails(), *_sizes("SQLite"), *_sizes_on_postgresql()]


def _thumbnails() -> Row:
    timed = _run("library_page.py", **BUCKET)
    return row_beside(
        "library page p95, 100 thumbnails in a bucket",
        timed["pictured"],
        timed["bare"],
        factor=MOST_TIMES_BARE,
        beside="the page without",
        unit="ms",
    )


def _sizes_on_postgresql() -> list[Row]:
    try:
        with postgres() as few, postgres() as many:
            return _sizes("PostgreSQL", few=few, many=many)
    except ServerUnavailable:
        return []


def _sizes(database: str, *, few: str = "", many: str = "") -> list[Row]:
    """few, many: addresses of an empty database for each size; "" for SQLite."""
    small = _run("library_size.py", str(FEW), DATABASE_URL=few)
    large = _run("library_size.py", str(MANY), DATABASE_URL=many)
    return [
        Row(
            name=f"{page} p95, {MANY:,} videos, {database}",
            ours=large[page],
            reference=small[page],
            unit="ms",
            limit=min(most, MOST_TIMES_FEW * small[page]),
            bar=f"{most} ms, and {MOST_TIMES_FEW:g} x the same of {FEW:,} videos",
        )
        for page, most in MOST_MS.items()
    ]


def _run(program: str, *arguments: str, **settings: str) -> dict[str, float]:
    """Milliseconds by name, as a program of bench prints them, on a state folder of its own."""
    with work_folder() as data:
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name(program)), *arguments],
            env=clean_environment(
                CATTUBE_DATA=str(data), PYTHONPATH=str(ROOT / "web-application"), **settings
            ),
            check=True,
            capture_output=True,
            text=True,
        )
    timed: dict[str, float] = json.loads(done.stdout)
    return timed
