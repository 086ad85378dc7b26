"""Pages and their states, and who looks at them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from e2e.gallery import content


def as_it_opens(page: Page) -> None:
    """Nothing is done to the page."""


@dataclass(frozen=True)
class Shown:
    """A page in one state. role: "guest", or an account's name. prepare: brings the page into the state.

    template: what the site answers with, for states that nobody can ask it for.
    """

    name: str
    path: str
    role: str = "admin"
    prepare: Callable[[Page], None] = as_it_opens
    status: int = 200
    template: str = ""


def select_two(page: Page) -> None:
    for box in page.query_selector_all("[data-select]")[:2]:
        box.check()


def show_list(page: Page) -> None:
    page.click("#layout [value=list]")


def show_keys(page: Page) -> None:
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")


def press_keyboard(page: Page) -> None:
    page.click(".footer [data-dialog=keys]")
    page.wait_for_selector("#keys[open]")


def open_share(page: Page) -> None:
    page.click("[data-dialog=share]")
    page.wait_for_selector("dialog[open]")


def open_account(page: Page) -> None:
    page.locator("[popovertarget=account-menu]:visible").first.click()
    page.wait_for_selector("#account-menu:popover-open")


def open_report(page: Page) -> None:
    page.locator(".comment summary:has-text('Report')").first.click()


def ask_to_erase(page: Page) -> None:
    page.click("[popovertarget=empty-trash]")
    page.wait_for_selector("#empty-trash:popover-open")


def send_without_cookies(page: Page) -> None:
    """As browsers do that take none."""
    page.fill("[name=login]", content.NEWCOMER)
    page.fill("[name=password]", "guess")
    page.context.clear_cookies()
    page.click("main [type=submit]")
    page.wait_for_selector(".lost")


PAGES = (
    Shown("library", "/"),
    Shown("library-selected", "/", prepare=select_two),
    Shown("library-keys", "/", prepare=show_keys),
    Shown("library-guest", "/", "guest"),
    Shown("keys-by-button", "/history/", prepare=press_keyboard),
    Shown("account-menu", "/", prepare=open_account),
    Shown("search", "/?q=sea", "guest"),
    Shown("search-spoken", "/?q=rope", "guest"),
    Shown("search-narrowed", "/?q=sea&length=long", "guest"),
    Shown("search-empty", "/?q=xylophone", "guest"),
    Shown("watch", f"/videos/{content.SHOWN.id}", "guest"),
    Shown("watch-owner", f"/videos/{content.SHOWN.id}"),
    Shown("watch-share", f"/videos/{content.SHOWN.id}", prepare=open_share),
    Shown("watch-report", f"/videos/{content.SHOWN.id}", prepare=open_report),
    Shown("watch-keys", f"/videos/{content.SHOWN.id}", prepare=show_keys),
    Shown("watch-upright", f"/videos/{content.UPRIGHT.id}", "guest"),
    Shown("watch-processing", f"/videos/{content.PROCESSING.id}"),
    Shown("watch-waiting", f"/videos/{content.WAITING.id}"),
    Shown("watch-failed", f"/videos/{content.FAILED.id}"),
    Shown("watch-playlist", f"/videos/{content.SHOWN.id}?playlist={content.PLAYLIST}"),
    Shown("channel", "/channels/mina", "guest"),
    Shown("channel-own", "/channels/admin"),
    Shown("channel-edit", "/channels/admin/edit"),
    Shown("playlists", "/playlists/"),
    Shown("playlist", f"/playlists/{content.PLAYLIST}", "guest"),
    Shown("playlist-edit", f"/playlists/{content.PLAYLIST}/edit"),
    Shown("following", "/following/"),
    Shown("following-channels", "/following/channels"),
    Shown("later", "/later/"),
    Shown("history", "/history/"),
    Shown("captions", f"/videos/{content.SHOWN.id}/captions"),
    Shown("captions-edit", f"/videos/{content.SHOWN.id}/captions/en"),
    Shown("chapters", f"/videos/{content.SHOWN.id}/chapters"),
    Shown("embed", f"/embed/{content.SHOWN.id}", "guest"),
    Shown("embed-keys", f"/embed/{content.SHOWN.id}", "guest", prepare=show_keys),
    Shown("embed-gone", f"/embed/{content.PRIVATE.id}", "guest", status=404),
    Shown("edit", f"/videos/{content.SHOWN.id}/edit"),
    Shown("upload", "/upload/"),
    Shown("trash", "/trash/"),
    Shown("trash-question", "/trash/", prepare=ask_to_erase),
    Shown("settings", "/settings/"),
    # The last of its role, for the browser remembers the layout.
    Shown("library-list", "/", prepare=show_list),
    Shown("channel-empty", f"/channels/{content.NEWCOMER}", content.NEWCOMER),
    Shown("following-empty", "/following/", content.NEWCOMER),
    Shown("following-channels-empty", "/following/channels", content.NEWCOMER),
    Shown("trash-empty", "/trash/", content.NEWCOMER),
    Shown("login", "/login/", "guest"),
    Shown("reset", "/reset/", "guest"),
    Shown("not-found", f"/videos/{content.PRIVATE.id}", "guest", status=404),
    Shown("not-allowed", "/login/", "guest", prepare=send_without_cookies, status=403),
    # More fields than Django reads.
    Shown("unreadable", f"/?{'a&' * 1001}", "guest", status=400),
    Shown("only-sent", f"/videos/{content.SHOWN.id}/like", "guest", status=405),
    Shown("server-error", "/broken", "guest", status=500, template="500.html"),
    Shown("busy", "/busy", "guest", status=503, template="503.html"),
)
