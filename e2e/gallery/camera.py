"""`python -m e2e.gallery.camera FOLDER` takes pictures of every page, light and dark, wide and narrow."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, Route, sync_playwright

from e2e.conftest import BROWSER_FLAGS, Visitor, chromium_path, sign_in
from e2e.gallery.content import fill
from e2e.gallery.pages import PAGES, Shown
from e2e.media.clips import run_ffmpeg
from e2e.site import Site, start_site

LOAD_PICTURES = """() => Promise.all([...document.images].filter(image => image.src).map(image => {
  image.loading = 'eager'
  return image.decode().catch(() => {})
}))"""
_RENDER = """
from django.template.loader import render_to_string
from cattube.errors import SiteBusy
print(render_to_string({template!r}, {{"code": "7f3a-91c2", "message": str(SiteBusy()), "again_url": "/"}}))
"""
# What lies above a page covers one window of it.
IS_COVERED = "!!document.querySelector('dialog[open], .dialog:popover-open')"
WIDTHS = {"wide": 1280, "narrow": 360}
HEIGHT = 800


@dataclass(frozen=True)
class Look:
    """How somebody sees the site."""

    scheme: Literal["light", "dark"]
    size: str


LOOKS = tuple(Look(scheme, size) for scheme in ("light", "dark") for size in WIDTHS)


@contextmanager
def visitor_in(browser: Browser, site: Site, role: str, look: Look) -> Iterator[Visitor]:
    """Somebody's browser, in which nothing moves."""
    context = browser.new_context(
        viewport={"width": WIDTHS[look.size], "height": HEIGHT},
        color_scheme=look.scheme,
        reduced_motion="reduce",
    )
    visitor = Visitor(context, site)
    if role == "guest":
        context.on("page", visitor.watch_over)
    else:
        sign_in(visitor, role)
    yield visitor
    context.close()


def open_shown(visitor: Visitor, shown: Shown) -> Page:
    if shown.template:
        _answer_with_template(visitor, shown)
    page = visitor.open(shown.path)
    shown.prepare(page)
    page.evaluate("document.fonts.ready")
    return page


def _answer_with_template(visitor: Visitor, shown: Shown) -> None:
    """Have its address answered by the template alone, as the site renders it."""
    page = visitor.site.run(_RENDER.format(template=shown.template))

    def answer(route: Route) -> None:
        route.fulfill(status=shown.status, body=page, content_type="text/html; charset=utf-8")

    visitor.context.route(f"{visitor.site.url}{shown.path}", answer)


def show_all_pictures(page: Page) -> None:
    """Those below the window, too, which the page would load when somebody comes there."""
    # By the debugger, which no policy of the page holds back.
    page.evaluate(LOAD_PICTURES)


def save(page: Page, target: Path) -> None:
    """A picture of the whole page, from its beginning; of the window where a dialog is open."""
    page.evaluate("scrollTo(0, 0)")
    is_whole = not page.evaluate(IS_COVERED)
    with tempfile.NamedTemporaryFile(suffix=".png") as picture:
        page.screenshot(path=picture.name, full_page=is_whole)
        run_ffmpeg(["-i", picture.name], ["-quality", "60", str(target)])


def take_pictures(site: Site, folder: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=BROWSER_FLAGS)
        for look in LOOKS:
            for role in dict.fromkeys(shown.role for shown in PAGES):
                with visitor_in(browser, site, role, look) as visitor:
                    for shown in (shown for shown in PAGES if shown.role == role):
                        page = open_shown(visitor, shown)
                        show_all_pictures(page)
                        save(page, folder / f"{shown.name}-{look.size}-{look.scheme}.webp")
                        page.close()


def main() -> None:
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="cattube-gallery-") as name:
        folder = Path(name)
        site = start_site(folder / "data")
        try:
            fill(site, folder)
            take_pictures(site, target)
        finally:
            site.stop()


if __name__ == "__main__":
    main()
