"""The library in a browser: pictures that play, grid or list, and many videos at once by keyboard."""

from __future__ import annotations

import pytest
from e2e.conftest import Visitor
from e2e.media.streams import Clips, put_video
from e2e.site import Site
from playwright.sync_api import Page

TILE = ".thumb__tile"


def focused(page: Page) -> str:
    """Id of the video whose card has the focus."""
    found: str = page.evaluate("document.activeElement.closest('.card')?.dataset.video ?? ''")
    return found


@pytest.mark.usefixtures("unharmed")
def test_w161_library_is_used_by_pointer_and_by_keyboard(site: Site, visitor: Visitor, clips: Clips) -> None:
    """W161, W166"""
    with_board = put_video(site, film=clips.film, storyboard=clips.storyboard).id
    without = put_video(site, film=clips.film).id
    page = visitor.open("/")
    first, second = (f'[data-grid] .card[data-video="{video}"]' for video in (without, with_board))

    page.hover(second)
    page.wait_for_selector(f"{second} {TILE}")
    places = "document.querySelector('.thumb__tile').style.backgroundPosition"
    start = page.evaluate(places)
    page.wait_for_function(f"start => {places} !== start", arg=start)
    page.hover("h1")
    page.wait_for_selector(TILE, state="detached")

    page.click("#layout [value=list]")
    page.reload()
    assert page.get_attribute("[data-grid]", "data-layout") == "list"
    page.click("#layout [value=grid]")

    # The newest stands first.
    page.focus(f"{first} .card__link")
    page.keyboard.press("ArrowRight")
    assert focused(page) == with_board
    page.keyboard.press("Space")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    assert page.text_content("#bulk [data-role=count]") == "2 selected"
    page.keyboard.press("Escape")
    page.wait_for_selector("#bulk", state="hidden")

    page.check(f"{first} [data-select]")
    page.click(f"{second} [data-select]", modifiers=["Shift"])
    page.select_option("#bulk-visibility", "private")
    page.wait_for_selector("#bulk:has-text('2 videos are now private.')")
    assert page.is_visible(f"{second} :text('Private')")

    page.check(f"{first} [data-select]")
    page.click("#bulk [data-role=delete]")
    page.wait_for_selector("#bulk:has-text('Moved 1 video to the trash.')")
    assert not page.is_visible(first)
    page.click("#bulk [data-role=undo]")
    page.wait_for_selector("#bulk:has-text('1 video taken back.')")
    assert page.is_visible(first)

    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")

    in_results_and_on_the_channel(visitor, with_board)


def in_results_and_on_the_channel(visitor: Visitor, with_board: str) -> None:
    """Hits and one's channel do the same: play under the pointer and with the focus, by keys, select."""
    for path in ("/?q=cat", "/channel/"):
        page = visitor.open(path)
        card = f'[data-grid] .card[data-video="{with_board}"]'
        page.hover(card)
        page.wait_for_selector(f"{card} {TILE}")
        page.hover("h1")
        page.wait_for_selector(TILE, state="detached")
        page.focus("[data-grid] .card__link")
        page.keyboard.press("End")
        first = focused(page)
        page.keyboard.press("Space")
        page.keyboard.press("Home")
        assert focused(page) != first
        page.keyboard.press("Control+a")
        assert page.text_content("#bulk [data-role=count]") == "2 selected"
        page.select_option("#bulk-visibility", "public" if path == "/channel/" else "unlisted")
        page.wait_for_selector("#bulk:has-text('2 videos are now')")
