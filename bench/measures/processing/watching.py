"""A guest's page in Chromium while a video arrives: when it begins by itself, and whether it stands still.

A script uploads a public video at the speed of a line, its index ahead as the upload page sends it. The page
was opened before, and nobody touches it. Beside it the same page of a video that was ready when it was
opened, where somebody presses play at once.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2e.api_client import ApiClient, api_client
from e2e.engine import Engine
from e2e.site import Site
from playwright.sync_api import Browser, Page, sync_playwright

from bench.folders import work_folder
from bench.measures.processing.original import create_assembly
from bench.row import Row
from bench.servers import running_site
from bench.videos.sending import send_index, send_slowly
from bench.videos.sources import busy_source

LINES_MBPS = (8, 20, 50, 100, 1000)
MOST_SECONDS_TO_PICTURE = 0.5
# So much later than a finished video a preview may come to its end: three frames, where it is replaced.
MOST_SECONDS_LATE = 0.1
PATIENCE_MS = 120_000
BROWSER_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
# Of the <video> that is seen, whichever that is. Moments are seconds since 1970, as Python counts them.
RECORDER = """() => {
  const seen = (window.seen = { first: null, end: null, stalls: 0, stalledSeconds: 0 })
  const now = () => (performance.timeOrigin + performance.now()) / 1000
  let waitsSince = null
  const on = (name, act) =>
    document.addEventListener(name, ({ target }) => {
      if (target.checkVisibility({ opacityProperty: true })) act()
    }, true)
  on('playing', () => {
    seen.first ??= now()
    if (waitsSince !== null) seen.stalledSeconds += now() - waitsSince
    waitsSince = null
  })
  on('waiting', () => {
    if (seen.first === null) return
    seen.stalls += 1
    waitsSince ??= now()
  })
  on('ended', () => (seen.end ??= now()))
}"""


@dataclass(frozen=True, kw_only=True)
class Viewing:
    """A video watched from its first picture to its end. seconds_to_picture: after the moment that counts."""

    seconds_to_picture: float
    seconds_to_end: float
    stalls: int
    stalled_seconds: float


def measure() -> list[Row]:
    rows = list[Row]()
    with work_folder() as folder:
        source = busy_source(folder)
        with running_site(folder / "data", DEFAULT_VISIBILITY="public") as site, _chromium() as browser:
            client = api_client(site)
            finished = _finished_viewing(site, browser, client, source)
            for mbps in LINES_MBPS:
                rows += _rows(mbps, _early_viewing(site, browser, client, source, mbps=mbps), finished)
    return rows


def _rows(mbps: int, early: Viewing, finished: Viewing) -> Iterator[Row]:
    yield Row(
        name=f"last byte to a guest's first picture: {mbps} Mbit/s",
        ours=max(0.0, early.seconds_to_picture),
        reference=finished.seconds_to_picture,
        unit="s",
        limit=MOST_SECONDS_TO_PICTURE,
        bar=f"{MOST_SECONDS_TO_PICTURE} s; beside the page of a finished video, pressing play",
    )
    yield Row(
        name=f"a guest's first picture to the end: {mbps} Mbit/s",
        ours=early.seconds_to_end,
        reference=finished.seconds_to_end,
        unit="s",
        limit=finished.seconds_to_end + MOST_SECONDS_LATE,
        bar=f"{MOST_SECONDS_LATE} s more than a finished video; "
        f"{early.stalls} stalls of {early.stalled_seconds:.2f} s",
    )


def _early_viewing(site: Site, browser: Browser, api: ApiClient, source: Path, *, mbps: int) -> Viewing:
    """The viewing of a guest who waits on the page, with the last byte as the moment that counts."""
    made = api.call("POST", "/uploads", title=source.stem, size_bytes=source.stat().st_size)
    status, video_id = create_assembly(made["assembly"]), made["video"]["id"]
    engine = Engine(made["assembly"]["service"], site.process.pid)
    address = engine.create_upload(status, source.name, source.stat().st_size)
    api.call("PATCH", f"/videos/{video_id}", assembly_id=status["assembly_id"])
    with _page(browser, f"{site.url}/videos/{video_id}") as page:
        send_index(address, source)
        last_byte = send_slowly(address, source, seconds=source.stat().st_size * 8 / mbps / 1e6)
        viewing = _viewing(page, since=time.time() - (time.perf_counter() - last_byte))
    api.call("DELETE", f"/videos/{video_id}?permanent=true")
    return viewing


def _finished_viewing(site: Site, browser: Browser, api: ApiClient, source: Path) -> Viewing:
    video_id, _ = api.upload(source)
    while api.call("GET", f"/videos/{video_id}")["status"] != "ready":
        time.sleep(1)
    opened_at = time.time()
    with _page(browser, f"{site.url}/videos/{video_id}") as page:
        page.keyboard.press("k")
        viewing = _viewing(page, since=opened_at)
    api.call("DELETE", f"/videos/{video_id}?permanent=true")
    return viewing


@contextmanager
def _chromium() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    executable = next((found for name in names if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=BROWSER_FLAGS)
        yield chromium
        chromium.close()


@contextmanager
def _page(browser: Browser, url: str) -> Iterator[Page]:
    """A guest's page, in a browser that has never been there."""
    with browser.new_context() as context:
        context.add_init_script(f"({RECORDER})()")
        page = context.new_page()
        page.goto(url)
        yield page


def _viewing(page: Page, *, since: float) -> Viewing:
    """Raises playwright's TimeoutError for a video that does not come to its end."""
    page.wait_for_function("() => window.seen.end !== null", timeout=PATIENCE_MS)
    seen: Mapping[str, Any] = page.evaluate("window.seen")
    return Viewing(
        seconds_to_picture=seen["first"] - since,
        seconds_to_end=seen["end"] - seen["first"],
        stalls=seen["stalls"],
        stalled_seconds=seen["stalledSeconds"],
    )
