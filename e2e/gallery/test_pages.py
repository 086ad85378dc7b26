"""Every page in every state, wide and light, narrow and dark, has no fault for axe-core and the browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from e2e.conftest import Visitor
from e2e.gallery.barriers import AXE, barriers, is_wider_than_window
from e2e.gallery.camera import Look, open_shown, visitor_in
from e2e.gallery.content import fill
from e2e.gallery.pages import PAGES, Shown
from e2e.site import Site, start_site

LOOKS = (Look("light", "wide"), Look("dark", "narrow"))
ROLES = tuple(dict.fromkeys(shown.role for shown in PAGES))


@pytest.fixture(scope="module")
def full_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("gallery")
    site = start_site(folder / "data")
    fill(site, folder)
    yield site
    site.stop()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.size}-{look.scheme}")
def test_w162_no_page_has_a_barrier_or_an_error(
    full_site: Site, browser: Browser, look: Look, role: str
) -> None:
    """W162"""
    found: dict[str, Any] = {}
    with visitor_in(browser, full_site, role, look) as visitor:
        for shown in (shown for shown in PAGES if shown.role == role):
            found |= {f"{shown.name}: {fault}": more for fault, more in faults_of(visitor, shown).items()}

    assert not found, "\n".join(f"{fault}: {more}" for fault, more in found.items())


def faults_of(visitor: Visitor, shown: Shown) -> dict[str, Any]:
    visitor.complaints.clear()
    page = open_shown(visitor, shown)
    faults: dict[str, Any] = {**barriers(page)}
    if is_wider_than_window(page):
        faults["wider than the window"] = page.evaluate("document.documentElement.scrollWidth")
    # The browser itself writes of an answer that is no success.
    complaints = [line for line in visitor.complaints if str(shown.status) not in line or shown.status == 200]
    if complaints:
        faults["complaints"] = complaints
    page.close()
    return faults


def test_gallery_shows_each_page_once() -> None:
    names = [shown.name for shown in PAGES]

    assert len(names) == len(set(names))
    assert AXE.is_file()
