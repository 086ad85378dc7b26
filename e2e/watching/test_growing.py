"""A video is watched while it still arrives: what is encoded of it by now, and then the finished one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from e2e.conftest import Visitor, delete_videos, sign_in
from e2e.pages import upload_page
from e2e.pages.player_page import FINISHED, VIDEO, go_on_to_finished, is_stream
from e2e.site import Site
from playwright.sync_api import Browser, Page, Route

PREVIEW = "[aria-label='Preview'] video"
# Playlist and pieces of the live preview.
LIVE = "**/api/videos/*/live/*"
# The engine ends the stream a moment before the page hears that the video is ready.
GONE = "404"
# Notes what somebody would see who looks at the video: how often another one takes its place and how far that
# leaps, when there is no picture, and when it stands still.
RECORDER = """() => {
  const seen = (window.seen = { changes: 0, leap: 0, blank: 0, pauses: 0 })
  const shown = () => document.querySelector('#stage video:not([inert] *)')
  document.addEventListener('pause', ({ target }) => { if (target === shown()) seen.pauses += 1 }, true)
  let last = null
  const look = () => {
    const video = shown()
    if (!video || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) seen.blank += 1
    if (last && video && video !== last.video) {
      seen.changes += 1
      seen.leap = video.currentTime - last.seconds
    }
    if (video) last = { video, seconds: video.currentTime }
    requestAnimationFrame(look)
  }
  look()
}"""

# Notes the widths of the pictures of one <video>, and how far it ever leaps.
JOIN_RECORDER = """() => {
  const video = document.querySelector('video')
  window.widths = [video.videoWidth]
  window.leap = 0
  let last = null
  video.addEventListener('resize', () => window.widths.push(video.videoWidth))
  video.addEventListener('seeking', () => {
    window.leap = Math.max(window.leap, Math.abs(video.currentTime - (last ?? video.currentTime)))
  })
  video.addEventListener('timeupdate', () => { last = video.currentTime })
}"""


@pytest.fixture
def owner(site: Site, browser: Browser) -> Iterator[Visitor]:
    visitor = Visitor(browser.new_context(viewport={"width": 1280, "height": 900}), site)
    sign_in(visitor)
    yield visitor
    delete_videos(visitor)
    visitor.context.close()
    assert [complaint for complaint in visitor.complaints if GONE not in complaint] == []


def send_slowly(owner: Visitor, clip: Path, *, megabits: float) -> tuple[Page, str]:
    """The upload page, and the path of the video that arrives."""
    page = owner.open("/upload/")
    upload_page.slow_down(page, upload_megabits=megabits)
    upload_page.drop(page, clip)
    return page, urlsplit(upload_page.share_link(page)).path


def wait_for_preview(page: Page) -> None:
    page.wait_for_selector(PREVIEW, timeout=120_000)


def play(page: Page) -> None:
    page.evaluate(f"void {VIDEO}.play()")


def seconds(page: Page) -> float:
    return float(page.evaluate(f"{VIDEO}.currentTime"))


def test_owner_watches_what_has_arrived_waits_for_more_and_goes_on_to_the_finished_video(
    owner: Visitor, long_clip: Path
) -> None:
    upload, path = send_slowly(owner, long_clip, megabits=6)
    page = owner.open(path)
    wait_for_preview(page)
    first = seconds(page)
    words = page.inner_text("[data-role=words]")
    page.evaluate(f"window.waits = 0, {VIDEO}.addEventListener('waiting', () => {{ window.waits += 1 }})")

    play(page)
    page.wait_for_function(f"() => {VIDEO}.currentTime > 0.3")
    end = float(page.evaluate(f"{VIDEO}.buffered.end(0)"))
    page.evaluate(f"{VIDEO}.currentTime = {end - 0.3}")
    page.wait_for_function(f"() => {VIDEO}.currentTime > {end + 1}", timeout=120_000)
    page.evaluate(f"{VIDEO}.pause()")
    left_at, left_while = seconds(page), page.inner_text("[data-role=words]")
    upload_page.speed_up(upload)
    page.wait_for_selector(FINISHED, timeout=300_000)

    assert first == 0
    assert [words[:14], left_while[:14]] == ["Still arriving"] * 2
    assert page.evaluate("window.waits") > 0
    assert seconds(page) == pytest.approx(left_at, abs=0.01)
    assert page.evaluate(f"{VIDEO}.paused")


@pytest.fixture
def guest(site: Site, browser: Browser) -> Iterator[Visitor]:
    visitor = Visitor(browser.new_context(viewport={"width": 1280, "height": 900}), site)
    visitor.context.on("page", visitor.watch_over)
    yield visitor
    visitor.context.close()
    assert [complaint for complaint in visitor.complaints if GONE not in complaint] == []


def share(upload: Page) -> None:
    upload.click("#details label:has-text('Unlisted')")
    upload.wait_for_selector("[data-role=saved]:has-text('saved')")


def test_w70_w72_preview_begins_by_itself_and_the_finished_video_takes_its_place_unseen(
    owner: Visitor, guest: Visitor, long_clip: Path
) -> None:
    upload, path = send_slowly(owner, long_clip, megabits=16)
    share(upload)
    page, embedded = guest.open(path), guest.open(path.replace("/videos/", "/embed/"))
    page.bring_to_front()
    wait_for_preview(embedded)
    upload_page.speed_up(upload)

    wait_for_preview(page)
    page.wait_for_function(f"() => {VIDEO}.currentTime > 0.2", timeout=120_000)
    # So slow that it is not over before the video is ready.
    page.evaluate(f"{VIDEO}.playbackRate = 0.1, {VIDEO}.volume = 0.5")
    page.evaluate(RECORDER)
    page.wait_for_selector(FINISHED, timeout=300_000)
    page.wait_for_function(f"end => {VIDEO}.currentTime > end + 0.2", arg=seconds(page))
    seen = page.evaluate("window.seen")

    assert (seen["changes"], seen["pauses"], seen["blank"]) == (1, 0, 0)
    assert -0.2 < seen["leap"] < 1
    assert page.evaluate(f"[{VIDEO}.paused, {VIDEO}.playbackRate, {VIDEO}.volume]") == [False, 0.1, 0.5]
    assert page.locator("text=Watch the finished version").count() == 0
    assert embedded.evaluate(f"[{VIDEO}.paused, {VIDEO}.currentTime]") == [True, 0]


def test_w98_guest_plays_on_from_the_quick_start_to_what_follows_it(
    owner: Visitor, guest: Visitor, long_clip: Path, site: Site
) -> None:
    """W98: whoever comes when the encoder of the file is ahead sees both, and no seam."""
    upload, path = send_slowly(owner, long_clip, megabits=16)
    share(upload)
    wait_for_end_of_quick_start(upload, site)

    page = guest.open(path.replace("/videos/", "/embed/"))
    wait_for_preview(page)
    page.evaluate(JOIN_RECORDER)
    page.evaluate(f"{VIDEO}.playbackRate = 2")
    play(page)
    page.wait_for_function(f"() => window.widths.length > 1 && {VIDEO}.currentTime > 6", timeout=120_000)
    seen = page.evaluate(f"[window.widths, window.leap, {VIDEO}.buffered.length]")
    upload_page.cancel(upload)

    widths, leap, ranges = seen
    assert widths == [640, 1280]
    assert leap < 0.5
    assert ranges == 1


def wait_for_end_of_quick_start(page: Page, site: Site) -> None:
    """As long as nobody watches, it ends when the encoder of the file is well ahead."""
    for _ in range(600):
        playlists = site.data.glob("tmp/**/quick.m3u8")
        if any("#BROKEN-OFF" in playlist.read_text() for playlist in playlists):
            return
        page.wait_for_timeout(200)
    raise AssertionError("the quick start has no end")


def test_viewers_of_a_shared_video_see_what_has_arrived_on_its_page_and_embedded(
    owner: Visitor, guest: Visitor, long_clip: Path
) -> None:
    upload, path = send_slowly(owner, long_clip, megabits=10)
    share(upload)
    pages = [guest.open(path), guest.open(path.replace("/videos/", "/embed/"))]

    for page in pages:
        wait_for_preview(page)
        play(page)
        page.wait_for_function(f"() => {VIDEO}.currentTime > 0.5")
    told = [page.inner_text("#stage [data-role=words]")[:14] for page in pages]
    offers = [page.locator("text=Choose its file again").count() for page in pages]
    upload_page.cancel(upload)

    assert told == ["Still arriving"] * 2
    assert offers == [0, 0]


def test_w73_preview_whose_address_has_changed_plays_on_under_the_new_one(
    owner: Visitor, long_clip: Path
) -> None:
    upload, path = send_slowly(owner, long_clip, megabits=5)
    page = owner.open(path)
    wait_for_preview(page)
    there = float(page.evaluate(f"{VIDEO}.duration"))

    page.route(f"**/api{path}", _move_the_preview)
    page.route(
        "**/live/*.m3u8*",
        lambda route: route.continue_() if "moved" in route.request.url else route.fulfill(status=404),
    )
    page.wait_for_function(f"() => {VIDEO}.duration > {there + 1}", timeout=120_000)
    page.unroute_all(behavior="wait")
    upload_page.cancel(upload)

    assert page.locator(PREVIEW).count() == 1


def _move_the_preview(route: Route) -> None:
    answer = route.fetch()
    video = answer.json()
    video["growing"]["url"] += "?moved"
    route.fulfill(response=answer, json=video)


def test_preview_that_breaks_off_gives_way_to_words_and_comes_back(owner: Visitor, long_clip: Path) -> None:
    upload, path = send_slowly(owner, long_clip, megabits=5)
    page = owner.open(path)
    wait_for_preview(page)

    page.route(LIVE, lambda route: route.fulfill(status=404))
    page.wait_for_selector(".player__state [data-role=words]:has-text('Still arriving')")
    alerts = page.locator("[role=alert]:visible").count()
    page.unroute(LIVE)
    wait_for_preview(page)
    words = page.inner_text("[data-role=words]")
    upload_page.cancel(upload)

    assert alerts == 0
    assert words.startswith("Still arriving")


def test_page_that_has_seen_a_video_arrive_gets_its_qualities_too(owner: Visitor, clip: Path) -> None:
    upload = owner.open("/upload/")
    upload_page.drop(upload, clip)
    page = owner.open(urlsplit(upload_page.share_link(upload)).path)
    go_on_to_finished(page)

    page.wait_for_selector("[data-role=settings]:has-text('p')", timeout=300_000)
    page.wait_for_selector("text=More qualities are on their way.", state="hidden", timeout=120_000)
    play(page)
    page.wait_for_function(f"() => {VIDEO}.currentTime > 1 && {VIDEO}.webkitAudioDecodedByteCount > 0")
    upload.wait_for_function("() => document.querySelector('#tray .file .status').textContent === 'Ready'")

    assert is_stream(page)
    offered = page.locator("[data-role=qualities] label").all_text_contents()
    assert [label.partition(" ")[0] for label in offered] == ["Auto", "1080p", "720p", "480p", "360p"]
