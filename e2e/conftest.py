"""One site, one browser and one clip for all browser tests; a visitor who notes what nobody would see."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from e2e.media.clips import make_full_hd_clip
from e2e.media.streams import Clips, clips_in, make_clips
from e2e.pages.uppy_page import PATIENCE_MS, UPPYS, UppyPage, serve_page
from e2e.shared_folder import shared_folder
from e2e.site import ADMIN_PASSWORD, PATIENCE_SECONDS, Site, start_site
from e2e.status_notes import StatusNotes

BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]

# Five seconds are what httpx waits by itself. A site beside several others may take longer for a page.
for _function in (
    *(httpx.get, httpx.post, httpx.put, httpx.patch, httpx.delete, httpx.request),
    httpx.Client.__init__,
):
    assert _function.__kwdefaults__
    _function.__kwdefaults__["timeout"] = PATIENCE_SECONDS


def chromium_path() -> str | None:
    """The system's browser; None for Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = start_site(tmp_path_factory.mktemp("site") / "data")
    yield running
    running.stop()


# Of this package, not of the session: while Playwright is there, an event loop runs in this thread, and
# Django refuses its database to tests that the same worker runs after those of the browser.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=BROWSER_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    name = "Cats on the roof.mp4"
    return shared_folder(tmp_path_factory, "clip", lambda folder: make_full_hd_clip(folder / name)) / name


@pytest.fixture(scope="session")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        make_full_hd_clip(folder / name, seconds=30)

    name = "A long cat.mp4"
    return shared_folder(tmp_path_factory, "long-clip", make) / name


@dataclass
class Visitor:
    """A signed-in person's browser. `complaints` is what went wrong behind the page.

    friends: hosts with ports, beside the site's own, that its pages may ask.
    """

    context: BrowserContext
    site: Site
    friends: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Two workers share the processors with their encoders.
        self.context.set_default_timeout(PATIENCE_MS)

    def open(self, path: str) -> Page:
        page = self.context.new_page()
        page.goto(f"{self.site.url}{path}")
        return page

    def watch_over(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        page.on(
            "console",
            lambda line: self.complaints.append(f"console: {line.text}") if line.type == "error" else None,
        )
        page.on("request", self._note_foreign)

    def _note_foreign(self, request: Request) -> None:
        address = urlsplit(request.url)
        own = {urlsplit(self.site.url).netloc, urlsplit(self.site.engine_url).netloc} | self.friends
        if address.scheme in ("http", "https") and address.netloc not in own:
            self.complaints.append(f"request to a foreign host: {request.url}")


def sign_in(visitor: Visitor, name: str = "admin") -> None:
    """With an eye on every page from now on."""
    visitor.context.on("page", visitor.watch_over)
    page = visitor.open("/login/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", ADMIN_PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{visitor.site.url}/")
    page.close()


def delete_videos(visitor: Visitor) -> None:
    """Take all their videos away, since what is left to encode of them would keep the next test waiting."""
    for page in visitor.context.pages:
        page.close()
    for video in (video for video in call_api(visitor, "GET", "/videos")["items"] if video["can_edit"]):
        call_api(visitor, "DELETE", f"/videos/{video['id']}?permanent=true")


def call_api(
    visitor: Visitor, method: str, path: str, body: Any = None, content_type: str = "application/json"
) -> Any:
    """JSON that the API answers in the visitor's name; None for 204. body: JSON, or text of that type."""
    token = next(cookie["value"] for cookie in visitor.context.cookies() if cookie["name"] == "csrftoken")
    headers = {"X-CSRFToken": token, "Referer": visitor.site.url, "Content-Type": content_type}
    answer = visitor.context.request.fetch(
        f"{visitor.site.url}/api{path}", method=method, headers=headers, data=body
    )
    assert answer.ok, answer.text()
    return None if answer.status == 204 else answer.json()


@pytest.fixture(scope="session")
def status_notes() -> Iterator[StatusNotes]:
    """Where the statuses that browsers get come together. The SDK's schema judges all of them in the end."""
    notes = StatusNotes()
    yield notes
    assert notes.complaints() == []


@pytest.fixture
def admin(site: Site, browser: Browser, status_notes: StatusNotes) -> Iterator[Visitor]:
    """Signed in as `admin`. Fails when a page raised an error, broke the policy or called elsewhere."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    status_notes.watch(context)
    visitor = Visitor(context, site)
    sign_in(visitor)
    yield visitor
    delete_videos(visitor)
    context.close()
    assert visitor.complaints == []


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Clips:
    return clips_in(shared_folder(tmp_path_factory, "streams", make_clips))


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[Visitor]:
    """Signed in as `admin`, with nothing remembered of earlier videos."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    signed_in = Visitor(context, site)
    sign_in(signed_in)
    call_api(signed_in, "DELETE", "/history")
    yield signed_in
    context.close()


@pytest.fixture
def unharmed(visitor: Visitor) -> Iterator[None]:
    """The page raises no error, breaks no policy, is refused nothing and calls nobody else."""
    yield
    assert visitor.complaints == []


@pytest.fixture(scope="session")
def uppy_page_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve_page(tmp_path_factory.mktemp("uppy")) as url:
        yield url


@pytest.fixture
def uppy(site: Site, browser: Browser, uppy_page_url: str, status_notes: StatusNotes) -> Iterator[UppyPage]:
    """A page with nothing but Uppy on it."""
    with open_uppy_page(site, browser, uppy_page_url, status_notes) as page:
        yield page


@pytest.fixture(scope="session", params=UPPYS)
def any_uppy_page_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    with serve_page(tmp_path_factory.mktemp("uppy"), uppy=UPPYS[request.param]) as url:
        yield url


@pytest.fixture
def any_uppy(
    site: Site, browser: Browser, any_uppy_page_url: str, status_notes: StatusNotes
) -> Iterator[UppyPage]:
    """A page with each of the Uppys in turn."""
    with open_uppy_page(site, browser, any_uppy_page_url, status_notes) as page:
        yield page


@contextmanager
def open_uppy_page(site: Site, browser: Browser, url: str, status_notes: StatusNotes) -> Iterator[UppyPage]:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    status_notes.watch(context)
    page = context.new_page()
    page.goto(url)
    page.wait_for_function("() => window.prepare")
    yield UppyPage(page, site, site.engine_url)
    context.close()
