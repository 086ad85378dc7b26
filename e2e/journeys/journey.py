"""One person's way through the site."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Page, expect

from e2e.conftest import Visitor, sign_in
from e2e.gallery.barriers import barriers, is_wider_than_window
from e2e.journeys.people import Role, Size
from e2e.pages.player_page import VIDEO
from e2e.site import ADMIN_PASSWORD, Site


@dataclass(frozen=True)
class Journey:
    """One page of one browser. On a phone it goes by what a thumb reaches, at a desk by a mouse."""

    visitor: Visitor
    role: Role
    size: Size
    page: Page

    def press(self, target: Locator) -> None:
        if self.size.is_phone:
            target.tap()
        else:
            target.click()

    def press_link(self, name: str) -> None:
        self.press(self.page.locator("main").get_by_role("link", name=name).first)

    def press_button(self, name: str) -> None:
        self.press(self.page.locator("main").get_by_role("button", name=name).first)

    def go_home(self) -> None:
        self.press(self._bar.get_by_role("link", name="Library"))
        self.page.wait_for_url(f"{self.visitor.site.url}/")

    def open_from_menu(self, name: str) -> None:
        """A page of one's own, by the menu of the account."""
        menu = self.page.locator("#account-menu")
        self.press(self.page.locator("[popovertarget=account-menu]:visible").last)
        expect(menu).to_be_visible()
        self.press(menu.get_by_role("link", name=name))
        expect(self._title).to_have_text(name)

    def type_in_search(self, words: str) -> None:
        field = self.page.get_by_role("combobox", name="Search videos")
        self.press(field)
        field.fill(words)

    def search(self, words: str) -> None:
        self.type_in_search(words)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "?q=" in url)

    def has_title(self, text: str) -> None:
        expect(self._title).to_have_text(text)

    def plays_beyond(self, seconds: float) -> None:
        self.page.wait_for_function(f"() => !{VIDEO}.paused && {VIDEO}.currentTime > {seconds}")

    def stop(self) -> None:
        """By its key: on a phone the bar has left the picture by now, and a tap on it waits for another.

        Of somebody with an account the site knows by then where they stopped.
        """
        if self.role == "guest":
            self.page.keyboard.press("k")
        else:
            with self.page.expect_response(lambda answer: answer.url.endswith("/position")):
                self.page.keyboard.press("k")
        self.page.wait_for_function(f"() => {VIDEO}.paused")

    def log_in(self, role: Role) -> None:
        """On the page to log in, which is open."""
        self.page.fill("[name=login]", self.size.account_of(role))
        self.page.fill("[name=password]", ADMIN_PASSWORD)
        self.press_button("Log in")

    def finds_no_barrier(self) -> None:
        """For axe-core, on the page as it is now; and it fits the screen."""
        assert barriers(self.page) == {}
        assert not is_wider_than_window(self.page)

    @property
    def _bar(self) -> Locator:
        name = "Main, small screens" if self.size.is_phone else "Main"
        return self.page.get_by_role("navigation", name=name, exact=True)

    @property
    def _title(self) -> Locator:
        return self.page.get_by_role("heading", level=1)


@contextmanager
def begin(site: Site, browser: Browser, size: Size, role: Role) -> Iterator[Journey]:
    """Of somebody on the home page. Fails in the end when a page raised an error or broke the policy."""
    context = browser.new_context(
        viewport={"width": size.width, "height": size.height},
        has_touch=size.is_phone,
        is_mobile=size.is_phone,
    )
    visitor = Visitor(context, site)
    if role == "guest":
        context.on("page", visitor.watch_over)
    else:
        sign_in(visitor, size.account_of(role))
    yield Journey(visitor, role, size, visitor.open("/"))
    context.close()
    assert visitor.complaints == []
