"""The player on a page, as a person uses it."""

from __future__ import annotations

from e2e.conftest import Visitor
from playwright.sync_api import Page

VIDEO = "document.querySelector('video')"
FILM_HEIGHT = 480
FINISHED = "[data-player]:not([inert]) video:not([controls])"
# Whoever has watched a preview to its end keeps the last picture until they ask for more.
GO_ON = """finished => {
  const ask = document.querySelector('[data-role=ask]')
  if (ask?.textContent === 'Watch the finished version') ask.click()
  return document.querySelector(finished) !== null
}"""


def open_player(visitor: Visitor, path: str) -> Page:
    page = visitor.open(path)
    page.wait_for_selector("video:not([controls])")
    return page


def go_on_to_finished(page: Page, *, seconds: int = 300) -> None:
    """Wait for the finished video on a page that may show a preview, and ask for it where it is offered."""
    page.wait_for_function(GO_ON, arg=FINISHED, timeout=seconds * 1000)


def play(page: Page, *, beyond_seconds: float) -> None:
    # Refused when the stream takes the file's place meanwhile, which plays on.
    page.evaluate(f"void {VIDEO}.play().catch(() => {{}})")
    page.wait_for_function(f"() => {VIDEO}.currentTime > {beyond_seconds}")


def seek(page: Page, seconds: float) -> None:
    page.evaluate(f"{VIDEO}.currentTime = {seconds}")


def wait_for_height(page: Page, pixels: int) -> None:
    page.wait_for_function(f"() => {VIDEO}.videoHeight === {pixels}")


def open_menu(page: Page) -> None:
    # A bar that has left the picture comes back for who moves.
    for x in (400, 410):
        page.mouse.move(x, 400)
    page.click("[data-role=settings]")


def choose(page: Page, label: str) -> None:
    open_menu(page)
    # By its value: the words beside Auto name the quality that is seen now.
    value = label.removesuffix("p").lower()
    page.click(f"[data-role=qualities] label:has(input[value='{value}'])")
    page.keyboard.press("Escape")


def is_stream(page: Page) -> bool:
    return str(page.evaluate(f"{VIDEO}.currentSrc")).startswith("blob:")
