"""A page of a whole site beside two thousand visitors who take their time, and the page alone."""

from __future__ import annotations

import os
import statistics
import time

from e2e.site import Site
from e2e.slow_visitors import paused_players, silent, slow_visitors, unfinished_bodies, unfinished_headers
from e2e.stored_videos import add_video

from bench.folders import work_folder
from bench.row import Row
from bench.servers import running_site
from bench.visitors import Client

OF_EACH_KIND = 500
FILM_BYTES = 6_000_000
PAGES = 50
MOST_MS = 1000


def measure() -> list[Row]:
    with work_folder() as folder, running_site(folder / "data") as site:
        alone, beside = _read(site)
    return [
        Row(
            name=f"page p95, {4 * OF_EACH_KIND} slow visitors",
            ours=beside,
            reference=alone,
            unit="ms",
            limit=MOST_MS,
            bar=f"{MOST_MS} ms; beside the page alone",
        )
    ]


def _read(site: Site) -> tuple[float, float]:
    """The page's p95 in milliseconds, alone and beside the visitors."""
    film = add_video(site, os.urandom(FILM_BYTES))
    _p95_ms(site)
    alone = _p95_ms(site)
    kinds = [
        paused_players(film, OF_EACH_KIND),
        unfinished_headers(OF_EACH_KIND),
        unfinished_bodies("/login/", OF_EACH_KIND, content_type="application/x-www-form-urlencoded"),
        silent(OF_EACH_KIND),
    ]
    with slow_visitors(site.url, kinds):
        return alone, _p95_ms(site)


def _p95_ms(site: Site) -> float:
    client, seconds = Client(site.url), list[float]()
    for _ in range(PAGES):
        start = time.perf_counter()
        client.ask("/")
        seconds.append(time.perf_counter() - start)
    client.close()
    return statistics.quantiles(seconds, n=20)[-1] * 1000
