"""What the watch page tells of a video that is not ready yet, as it happens."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from e2e.conftest import Visitor
from e2e.pages import upload_page
from e2e.pages.player_page import go_on_to_finished
from playwright.sync_api import Page


def test_watch_page_hears_of_every_step_without_asking(admin: Visitor, clip: Path) -> None:
    page = admin.open("/upload/")
    upload_page.slow_down(page, upload_megabits=40)
    upload_page.drop(page, clip)
    watching, asked = watch(admin, urlsplit(upload_page.share_link(page)).path)
    words = watching.text_content("[data-role='words']")

    go_on_to_finished(watching)

    assert words
    assert words.startswith(("Still arriving", "Waiting for its turn", "Getting ready"))
    assert [path.rpartition("/")[2] for path in asked] == ["events"] * len(asked)
    assert asked


def watch(visitor: Visitor, path: str) -> tuple[Page, list[str]]:
    """The watch page, and every path of the API that it asks for, but files of the preview."""
    asked: list[str] = []

    def note(address: str) -> None:
        path = urlsplit(address).path
        if path.startswith("/api/") and "/live/" not in path:
            asked.append(path)

    page = visitor.open("/")
    page.on("request", lambda request: note(request.url))
    page.goto(urlsplit(page.url)._replace(path=path).geturl())
    return page, asked
