"""The whole way, once and for real: drop a video in the browser, watch it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from e2e.conftest import Visitor
from e2e.media.clips import frame
from e2e.pages import upload_page
from e2e.pages.player_page import go_on_to_finished
from e2e.site import Site
from playwright.sync_api import Page, Response

STEPS = {":original", "resized", "watermarked", "thumbnail", "storyboard", "hls"}


def test_dropped_video_uploads_processes_and_plays_without_reload(
    site: Site, admin: Visitor, clip: Path
) -> None:
    others = entries_in(site, "tmp") | entries_in(site, "uploads")
    page = admin.open("/upload/")
    indexes: list[int] = []
    page.on("response", lambda answer: note_index(answer, indexes))
    upload_page.slow_down(page, upload_megabits=40)
    upload_page.drop(page, clip)
    link = upload_page.share_link(page)

    watching = admin.open(urlsplit(link).path)
    ranges: list[int] = []
    watching.on("response", lambda answer: note_range(answer, ranges))
    assert watching.query_selector("video") is None
    upload_page.wait_for_line(page, "Ready")
    go_on_to_finished(watching)

    lines = upload_page.shown_lines(page)
    assert percents(lines, "Uploading"), lines
    assert percents(lines, "Processing"), lines
    assert indexes == [204]  # sent ahead of the bytes, behind which the clip has it
    assert_plays(watching)
    assert_seeks(watching, ranges)
    assert_carries_the_watermark(site, watching)
    upload_page.wait_until_complete(page)
    assert_all_assets_and_nothing_else(site, folder_of(watching))
    assert (entries_in(site, "tmp") | entries_in(site, "uploads")) <= others


def note_index(answer: Response, statuses: list[int]) -> None:
    if answer.url.endswith("/index") and answer.request.method == "POST":
        statuses.append(answer.status)


def note_range(answer: Response, ranges: list[int]) -> None:
    if "/files/" in answer.url and "range" in answer.request.headers:
        ranges.append(answer.status)


def percents(lines: list[str], word: str) -> list[int]:
    """The percents strictly between start and end that lines with this word have shown."""
    found = [re.match(rf"{word} (\d+) %", line) for line in lines]
    shown = [int(match[1]) for match in found if match]
    assert shown == sorted(shown), f"{word} went backwards: {shown}"
    return [percent for percent in shown if 0 < percent < 100]


def assert_plays(page: Page) -> None:
    page.evaluate("void document.querySelector('video').play().catch(() => {})")
    page.wait_for_function("() => document.querySelector('video').currentTime > 0.5")
    assert page.evaluate("document.querySelector('video').videoWidth") == 1280
    assert page.evaluate("document.querySelector('video').videoHeight") == 720
    assert page.evaluate("document.querySelector('video').webkitAudioDecodedByteCount") > 0


def assert_seeks(page: Page, ranges: list[int]) -> None:
    page.evaluate("document.querySelector('video').currentTime = 8")
    page.wait_for_function("() => document.querySelector('video').currentTime > 8.2")
    assert ranges
    assert set(ranges) == {206}


def assert_carries_the_watermark(site: Site, page: Page) -> None:
    """Top right carries the mark; bottom left is the resized picture, one encoding apart."""
    key = watched_key(page)
    marked = frame(site.data / "bucket" / key, at_seconds=2, width=320, height=180)
    resized = site.data / "bucket" / key.replace("watermarked/", "resized/")
    plain = frame(resized, at_seconds=2, width=320, height=180)
    assert difference(marked, plain, left=240, top=12, right=312, bottom=25) > 10
    assert difference(marked, plain, left=0, top=90, right=160, bottom=180) < 2


def watched_key(page: Page) -> str:
    """Object key of the file that is watched: step, folder of the video, name."""
    watched = page.evaluate("id => fetch(`/api/videos/${id}`).then(it => it.json())", page.url[-11:])[
        "transcoded"
    ]
    match = re.search(r"watermarked/[0-9a-f]{32}/[^?]+", watched)
    assert match
    return match[0]


def folder_of(page: Page) -> str:
    """Name of the folder in which each step has the files of this video alone."""
    return watched_key(page).split("/")[1]


def assert_all_assets_and_nothing_else(site: Site, folder: str) -> None:
    """Other videos of the same site are none of this one's business."""
    stored = [key for key in site.files_in("bucket") if f"/{folder}/" in key]
    assert {key.split("/")[0] for key in stored} == STEPS
    assert len([key for key in stored if not key.startswith("hls/")]) == len(STEPS) - 1


def entries_in(site: Site, folder: str) -> set[str]:
    """Names of what holds files in one folder of the state folder: folders of Assemblies."""
    return {path.split("/")[0] for path in site.files_in(folder)}


def difference(one: bytes, other: bytes, *, left: int, top: int, right: int, bottom: int) -> float:
    """Mean absolute difference of two 320x180 RGB pictures inside a box, 0 to 255."""
    total = count = 0
    for row in range(top, bottom):
        start, end = (row * 320 + left) * 3, (row * 320 + right) * 3
        total += sum(abs(a - b) for a, b in zip(one[start:end], other[start:end], strict=True))
        count += end - start
    return total / count
