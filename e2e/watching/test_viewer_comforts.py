"""What makes the player comfortable: captions, chapters, theater, the mini player, fingers, what is next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from e2e.conftest import Visitor, call_api
from e2e.media.clips import run_ffmpeg
from e2e.media.streams import Clips, Watchable, put_video
from e2e.pages.player_page import VIDEO, open_player, play, seek
from e2e.shared_folder import shared_folder
from e2e.site import Site
from playwright.sync_api import CDPSession, Page, ViewportSize

PHONE: ViewportSize = {"width": 360, "height": 740}
# The sum of all shifts that no viewer has caused, from the beginning of the page.
SHIFTS = """
window.shifts = 0
new PerformanceObserver(list => {
  for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifts += shift.value
}).observe({ type: 'layout-shift', buffered: true })
"""
SCRIPT_BYTES = """performance.getEntriesByType('resource').filter(({ name }) => /[.]js$/.test(name))
  .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)"""
CUES = "WEBVTT\n\n00:00.000 --> 00:30.000\nThe cat sits.\n\n00:30.000 --> 01:30.000\nIt sleeps.\n"
CHAPTERS = {0: "The roof", 30: "The cat", 60: "The street"}
MOST_SHIFT = 0.02
MOST_SCRIPT_BYTES = 130_000


@pytest.fixture(scope="module")
def film(site: Site, clips: Clips) -> Watchable:
    return put_video(site, film=clips.film)


@pytest.fixture(scope="module")
def upright(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Watchable:
    def make(folder: Path) -> None:
        run_ffmpeg(
            ["-f", "lavfi", "-i", "testsrc2=s=360x640:r=10:d=4", "-c:v", "libx264", "-preset", "ultrafast"],
            ["-pix_fmt", "yuv420p", "-movflags", "+faststart", str(folder / "upright.mp4")],
        )

    path = shared_folder(tmp_path_factory, "upright", make) / "upright.mp4"
    return put_video(site, film=path, width=360, height=640)


@dataclass
class Phone:
    """A page on a phone. fingers: the browser's own entrance for touches."""

    page: Page
    fingers: CDPSession

    def touch(self, kind: str, x: float = 0, y: float = 0) -> None:
        """kind: touchStart, touchMove or touchEnd. x, y: shares of the picture."""
        box = self.page.locator("video").bounding_box()
        assert box
        point = {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}
        points = [] if kind == "touchEnd" else [point]
        self.fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def tap(self, x: float, y: float) -> None:
        self.touch("touchStart", x, y)
        self.touch("touchEnd")


@pytest.fixture
def phone(visitor: Visitor) -> Iterator[Phone]:
    """The same visitor on a phone."""
    browser = visitor.context.browser
    assert browser
    known = visitor.context.storage_state()
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, storage_state=known)
    context.set_default_timeout(120_000)
    context.on("page", visitor.watch_over)
    page = context.new_page()
    yield Phone(page, context.new_cdp_session(page))
    context.close()


def open_on(phone: Phone, visitor: Visitor, video: Watchable) -> Page:
    phone.page.goto(f"{visitor.site.url}/videos/{video.id}")
    phone.page.wait_for_selector("video:not([controls])")
    phone.page.wait_for_function(f"() => {VIDEO}.readyState >= 2")
    return phone.page


@pytest.mark.usefixtures("unharmed")
def test_viewer_reads_captions_by_keys_alone_and_finds_them_again(visitor: Visitor, film: Watchable) -> None:
    """Hazard W131: those who cannot hear or point must set them only once."""
    for language in ("en", "de"):
        call_api(visitor, "PUT", f"/videos/{film.id}/captions/{language}", CUES, "text/vtt")
    page = open_player(visitor, f"/videos/{film.id}")
    captions = page.locator(".player__captions p")

    page.keyboard.press("c")
    captions.get_by_text("The cat sits.").wait_for()
    page.keyboard.press("+")
    page.wait_for_selector("[data-caption-size=large]")
    page.focus("[data-role=captions]")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.role") == "captions"
    page.reload()
    captions.get_by_text("The cat sits.").wait_for()
    seek(page, 40)
    captions.get_by_text("It sleeps.").wait_for()

    assert page.get_attribute("[data-role=captions]", "aria-label") == "Captions: Deutsch"
    assert page.get_attribute(".player", "data-caption-size") == "large"
    page.keyboard.press("c")
    captions.wait_for(state="detached")


@pytest.mark.usefixtures("unharmed")
def test_viewer_finds_chapters_theater_and_keys(visitor: Visitor, film: Watchable) -> None:
    """Hazard W136: what is remembered must not move the page when the script begins."""
    visitor.context.add_init_script(SHIFTS)
    items = [{"start_seconds": start, "title": title} for start, title in CHAPTERS.items()]
    call_api(visitor, "PUT", f"/videos/{film.id}/chapters", {"items": items})
    page = open_player(visitor, f"/videos/{film.id}")
    page.wait_for_selector("[data-role=chapters]:has-text('The roof')")

    page.keyboard.press("o")
    page.wait_for_selector("[data-role=chapters]:has-text('The cat')")
    assert page.evaluate(f"{VIDEO}.currentTime") == 30
    assert page.locator(".timeline .tick").count() == 2
    assert "chapter: The cat" in (page.get_attribute("[data-role=position]", "aria-valuetext") or "")
    page.click("[data-role=chapters]")
    page.click("[data-role=chapters-menu] button:has-text('The street')")
    page.wait_for_function(f"() => {VIDEO}.currentTime === 60")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.is_visible("#keys :text('Chapter back, on')")
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    page.wait_for_selector(".watch[data-theater]")
    page.reload()
    page.wait_for_selector("video:not([controls])")
    page.wait_for_function(f"() => {VIDEO}.readyState >= 2")

    width = page.evaluate("document.querySelector('.player').clientWidth")
    assert width == page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("window.shifts") <= MOST_SHIFT
    assert page.evaluate(SCRIPT_BYTES) <= MOST_SCRIPT_BYTES


@pytest.mark.usefixtures("unharmed")
def test_next_video_comes_by_itself_unless_the_viewer_stays(
    visitor: Visitor, film: Watchable, upright: Watchable
) -> None:
    """Hazard W132."""
    playlist = call_api(visitor, "POST", "/playlists", {"title": "Cats in a row"})["id"]
    for video in (film, upright):
        call_api(visitor, "PUT", f"/playlists/{playlist}/videos/{video.id}")
    page = open_player(visitor, f"/videos/{film.id}?playlist={playlist}&t=89")

    play(page, beyond_seconds=89)
    page.wait_for_selector("[data-role=next]:has-text('Cats')")
    page.keyboard.press("Escape")
    assert page.is_hidden("[data-role=next]")
    seek(page, 89)
    play(page, beyond_seconds=89)
    page.wait_for_url(f"**/videos/{upright.id}?playlist={playlist}")

    # Its page was asked for by the end of the last one, and so it begins.
    page.wait_for_function(f"() => {VIDEO}.currentTime > 0.2")


@pytest.mark.usefixtures("unharmed")
def test_video_stays_in_a_corner_while_the_viewer_scrolls(visitor: Visitor, film: Watchable) -> None:
    """Hazard W133."""
    visitor.context.add_init_script(SHIFTS)
    page = open_player(visitor, f"/videos/{film.id}")
    page.evaluate("document.querySelector('.watch').style.paddingBottom = '3000px'")
    play(page, beyond_seconds=0.2)

    # What moved while the page was loaded is another test's.
    page.evaluate("window.shifts = 0; window.scrollTo(0, 2000)")
    page.wait_for_selector(".player[data-mini]:not([data-moving])")
    assert page.evaluate("window.shifts") <= MOST_SHIFT
    assert page.evaluate("window.scrollY") == 2000
    page.click("[data-do=mini-return]")
    page.wait_for_selector(".player:not([data-mini])")
    page.wait_for_function(f"() => {VIDEO}.getBoundingClientRect().top > 0")
    page.evaluate("window.scrollTo(0, 2000)")
    page.click(".player[data-mini] [data-do=mini-close]")

    page.wait_for_selector(".player:not([data-mini])")
    assert page.evaluate(f"{VIDEO}.paused")


@pytest.mark.usefixtures("unharmed")
def test_upright_video_has_its_own_shape_and_most_of_the_screen(
    visitor: Visitor, phone: Phone, upright: Watchable
) -> None:
    """Hazard W134."""
    page = open_player(visitor, f"/videos/{upright.id}")
    box = page.locator(".player").bounding_box()
    assert box
    assert box["height"] >= 0.75 * 900
    assert box["width"] == pytest.approx(box["height"] * 9 / 16, rel=0.01)

    page = open_on(phone, visitor, upright)
    box = page.locator(".player").bounding_box()
    assert box
    assert box["height"] >= 0.75 * PHONE["height"]
    assert box["width"] == PHONE["width"]


@pytest.mark.usefixtures("unharmed")
def test_phone_shows_the_picture_and_seeks_by_fingers(
    visitor: Visitor, phone: Phone, film: Watchable
) -> None:
    """Hazard W135."""
    phone.page.clock.install()
    page = open_on(phone, visitor, film)
    heights = page.evaluate("['.bar', '.player'].map(name => document.querySelector(name).clientHeight)")
    assert heights[0] <= 0.3 * heights[1]

    # However slow this machine is, the second tap comes before the first has waited long enough.
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 60)
    phone.tap(0.9, 0.3)
    phone.tap(0.9, 0.3)
    page.wait_for_function(f"() => {VIDEO}.currentTime === 10")
    phone.touch("touchStart", 0.2, 0.3)
    phone.touch("touchMove", 0.4, 0.3)
    phone.touch("touchMove", 0.6, 0.32)
    phone.touch("touchEnd")
    page.wait_for_function(f"() => {VIDEO}.currentTime > 40")

    page.clock.run_for(1000)
    assert page.evaluate(f"{VIDEO}.paused")
    assert page.evaluate("window.scrollY") == 0
    assert page.locator(".header a:visible[href='/upload/'], .tabbar a[href='#q']").count() == 0


@pytest.mark.usefixtures("unharmed")
def test_time_in_the_description_seeks(visitor: Visitor, site: Site, clips: Clips) -> None:
    video = put_video(site, film=clips.film, description="0:45 The cat sleeps")
    page = open_player(visitor, f"/videos/{video.id}")
    page.evaluate("window.isSamePage = true")

    page.click(".prose a:has-text('0:45')")

    page.wait_for_function(f"() => {VIDEO}.currentTime >= 45")
    assert page.evaluate("window.isSamePage")
