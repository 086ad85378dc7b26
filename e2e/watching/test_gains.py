"""A video that can be watched gets its stream and its storyboard while somebody has the page open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from e2e.conftest import Visitor
from e2e.media.streams import Clips, Watchable, complete_video, put_video
from e2e.pages.player_page import (
    FILM_HEIGHT,
    VIDEO,
    choose,
    is_stream,
    open_menu,
    open_player,
    play,
    seek,
    wait_for_height,
)
from e2e.site import Site
from playwright.sync_api import Page

# What tells Safari apart, which plays HLS by itself.
AT_HOME = "window.WebKitPlaybackTargetAvailabilityEvent = class {}"
# Counts the moments in which somebody would see no picture, and those in which it did not go on.
# While a file seeks, a browser shows the last picture.
RECORDER = f"""() => {{
  window.seen = {{ blank: 0, pauses: 0 }}
  const video = {VIDEO}
  video.addEventListener('pause', () => {{ window.seen.pauses += 1 }})
  const look = () => {{
    const hasPicture = video.readyState >= 2 || (video.seeking && video.currentSrc.startsWith('http'))
    if (!hasPicture && !document.querySelector('.player__still')) window.seen.blank += 1
    requestAnimationFrame(look)
  }}
  look()
}}"""


@pytest.fixture
def improving(site: Site, clips: Clips) -> Watchable:
    return put_video(site, film=clips.film, phase="improving")


@pytest.fixture
def complete(site: Site, clips: Clips, improving: Watchable) -> Callable[[], None]:
    """Let the video have all it will have."""

    def act() -> None:
        complete_video(site, improving, stream=clips.streams["fmp4"], storyboard=clips.storyboard)

    return act


def wait_for_stream(page: Page) -> None:
    page.wait_for_function(f"() => {VIDEO}.currentSrc.startsWith('blob:')", timeout=120_000)


def wait_for_offer(page: Page) -> None:
    page.wait_for_selector("[data-role=qualities]:not([hidden])", state="attached", timeout=120_000)


def seconds(page: Page) -> float:
    return float(page.evaluate(f"{VIDEO}.currentTime"))


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("page_of", ["videos", "embed"])
def test_paused_video_changes_to_its_stream_at_the_same_second_unseen(
    visitor: Visitor, improving: Watchable, complete: Callable[[], None], page_of: str
) -> None:
    page = open_player(visitor, f"/{page_of}/{improving.id}")
    seek(page, 40.3)
    page.wait_for_function(f"() => !{VIDEO}.seeking && {VIDEO}.readyState >= 2")
    page.evaluate(RECORDER)

    complete()
    wait_for_stream(page)
    wait_for_height(page, 720)
    page.wait_for_selector(".player__still", state="detached")

    assert seconds(page) == pytest.approx(40.3)
    assert page.evaluate("window.seen.blank") == 0
    assert page.evaluate(f"{VIDEO}.paused")
    play(page, beyond_seconds=40.8)
    open_menu(page)
    assert page.locator("[data-role=qualities] label").all_inner_texts() == ["Auto · 720p", "720p", "360p"]


@pytest.mark.usefixtures("unharmed")
def test_video_that_nobody_has_begun_begins_as_a_stream_behind_its_poster(
    visitor: Visitor, improving: Watchable, complete: Callable[[], None]
) -> None:
    page = open_player(visitor, f"/videos/{improving.id}")
    page.wait_for_function(f"() => {VIDEO}.readyState >= 2")

    complete()
    wait_for_stream(page)
    stills = page.locator(".player__still").count()
    play(page, beyond_seconds=0.5)

    wait_for_height(page, 720)
    assert stills == 0
    assert seconds(page) < 20


@pytest.mark.usefixtures("unharmed")
def test_video_that_was_seen_to_its_end_begins_anew_as_a_stream(
    visitor: Visitor, improving: Watchable, complete: Callable[[], None]
) -> None:
    page = open_player(visitor, f"/videos/{improving.id}")
    page.wait_for_function(f"() => {VIDEO}.readyState >= 2")
    seek(page, 89.5)
    page.evaluate(f"void {VIDEO}.play()")
    page.wait_for_function(f"() => {VIDEO}.ended")

    complete()
    wait_for_offer(page)
    is_at_the_end = page.evaluate(f"{VIDEO}.ended")
    page.click("[data-role=play]")
    page.wait_for_function(f"() => {VIDEO}.currentTime > 0.5 && {VIDEO}.currentTime < 20")

    assert is_at_the_end
    wait_for_height(page, 720)


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize(
    ("moment", "height", "goes_on"), [("pause", 720, False), ("seek", 720, True), ("choice", 360, True)]
)
def test_playing_video_offers_its_qualities_and_changes_at_the_next(
    visitor: Visitor,
    improving: Watchable,
    complete: Callable[[], None],
    moment: str,
    height: int,
    goes_on: bool,
) -> None:
    page = open_player(visitor, f"/videos/{improving.id}?t=10")
    play(page, beyond_seconds=10.5)
    page.evaluate(RECORDER)

    complete()
    wait_for_offer(page)
    before = seconds(page)
    play(page, beyond_seconds=before + 1)
    offered = page.locator("[data-role=qualities] label").all_text_contents()
    undisturbed = page.evaluate("window.seen")
    still_the_file = not is_stream(page)
    if moment == "pause":
        page.evaluate(f"{VIDEO}.pause()")
    elif moment == "seek":
        seek(page, before + 5)
    else:
        choose(page, "360p")
    wait_for_height(page, height)

    assert offered == ["Auto", "720p", "360p"]
    assert (still_the_file, undisturbed) == (True, {"blank": 0, "pauses": 0})
    assert page.evaluate("window.seen.blank") == 0
    assert page.evaluate(f"!{VIDEO}.paused") == goes_on
    assert before + 1 <= seconds(page) < before + 15
    play(page, beyond_seconds=seconds(page) + 0.5)
    assert is_stream(page)


@pytest.mark.usefixtures("unharmed")
def test_owner_is_told_that_more_is_coming_and_gets_the_pictures_on_the_timeline(
    visitor: Visitor, improving: Watchable, complete: Callable[[], None]
) -> None:
    page = open_player(visitor, f"/videos/{improving.id}")
    page.wait_for_function(f"() => {VIDEO}.duration > 0")
    box = page.locator("[data-role=position]").bounding_box()
    assert box
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.wait_for_selector("[data-role=tip]")
    tile_before = page.is_visible(".timeline__tile")
    told_before = page.is_visible("text=More qualities are on their way.")

    complete()
    page.wait_for_selector("text=More qualities are on their way.", state="hidden", timeout=120_000)
    page.mouse.move(middle[0] + 1, middle[1])

    page.wait_for_selector("[data-role=tip] .timeline__tile")
    assert (told_before, tile_before) == (True, False)


@pytest.mark.usefixtures("unharmed")
def test_browser_that_is_at_home_with_streams_takes_it_without_a_script(
    visitor: Visitor, improving: Watchable, complete: Callable[[], None]
) -> None:
    visitor.context.add_init_script(AT_HOME)
    page = open_player(visitor, f"/videos/{improving.id}")
    if not page.evaluate(f"{VIDEO}.canPlayType('application/vnd.apple.mpegurl')"):
        pytest.skip("this browser has no way of its own to play HLS")
    seek(page, 40.3)
    page.wait_for_function(f"() => !{VIDEO}.seeking && {VIDEO}.readyState >= 2")

    complete()
    page.wait_for_function(f"() => {VIDEO}.currentSrc.includes('/playlist.m3u8')", timeout=120_000)
    wait_for_height(page, 720)

    assert seconds(page) == pytest.approx(40.3)
    assert page.evaluate(f"{VIDEO}.paused")
    assert page.locator("[data-role=qualities] label").all_text_contents() == ["Auto", "480p"]


def test_stream_that_came_later_and_is_broken_leaves_the_file_as_it_is(
    site: Site, visitor: Visitor, improving: Watchable, tmp_path: Path
) -> None:
    page = open_player(visitor, f"/videos/{improving.id}")
    play(page, beyond_seconds=0.5)
    page.evaluate(RECORDER)
    (tmp_path / "playlist.m3u8").write_text("This is no playlist.")

    with page.expect_response("**/playlist.m3u8*", timeout=120_000):
        complete_video(site, improving, stream=tmp_path)
    play(page, beyond_seconds=seconds(page) + 1)

    assert page.evaluate(f"{VIDEO}.videoHeight") == FILM_HEIGHT
    assert page.evaluate("window.seen") == {"blank": 0, "pauses": 0}
    assert page.is_hidden("[data-role=qualities]")
