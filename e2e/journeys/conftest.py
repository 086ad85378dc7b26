"""The site of the journeys, and who begins one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from e2e.journeys.content import fill
from e2e.journeys.journey import Journey, begin
from e2e.journeys.people import SIZES, Size
from e2e.pages.uppy_page import PATIENCE_MS
from e2e.site import Site, start_site

# Other workers share the processors with this one.
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="package")
def filled_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("journeys")
    running = start_site(folder / "data")
    fill(running, folder)
    yield running
    running.stop()


@pytest.fixture(params=SIZES, ids=lambda size: size.name)
def size(request: pytest.FixtureRequest) -> Size:
    found: Size = request.param
    return found


@pytest.fixture
def guest(filled_site: Site, browser: Browser, size: Size) -> Iterator[Journey]:
    with begin(filled_site, browser, size, "guest") as journey:
        yield journey


@pytest.fixture
def viewer(filled_site: Site, browser: Browser, size: Size) -> Iterator[Journey]:
    with begin(filled_site, browser, size, "viewer") as journey:
        yield journey


@pytest.fixture
def owner(filled_site: Site, browser: Browser, size: Size) -> Iterator[Journey]:
    with begin(filled_site, browser, size, "owner") as journey:
        yield journey


@pytest.fixture
def stranger(filled_site: Site, browser: Browser, size: Size) -> Iterator[Journey]:
    with begin(filled_site, browser, size, "stranger") as journey:
        yield journey
