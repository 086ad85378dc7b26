"""Guests, viewers, owners and strangers from the home page to the end, on a phone and at a desk.

And one of them by keyboard alone.
"""

from __future__ import annotations

import re

from playwright.sync_api import Browser, FloatRect, Locator, expect

from e2e.conftest import call_api
from e2e.journeys.content import ROPE, SAILS, WIND, draft_of, shared_list_of, shared_of
from e2e.journeys.journey import Journey, begin
from e2e.journeys.people import DESK
from e2e.journeys.traces import dead_links, doors_that_differ, links_of, traces_left
from e2e.journeys.watching import hear_the_rope, is_at_the_rope, keep_for_later
from e2e.site import Site

FOGBOUND = "WEBVTT\n\n00:05.000 --> 00:09.000\nAll night fogbound, seen from the {size}\n"

MOST_TABS = 60
MOST_PIXELS_OF_NOTE, LEAST_PIXELS_OF_LINE = 100, 240


def test_w150_guest_hears_what_was_said_and_comes_back_to_it_with_an_account(guest: Journey) -> None:
    """W150"""
    page = guest.page
    expect(page.locator("[data-grid]")).to_contain_text(SAILS.title)
    for hidden in (draft_of(guest.size), shared_of(guest.size)):
        expect(page.locator("main")).not_to_contain_text(hidden.title)

    guest.type_in_search("sailm")
    option = page.get_by_role("option", name=SAILS.title)
    expect(option).to_be_visible()
    guest.finds_no_barrier()
    guest.press(option)
    guest.has_title(SAILS.title)
    guest.press(page.locator(".player__big"))
    guest.plays_beyond(0.2)
    guest.press_link("0:20")
    guest.plays_beyond(20)

    hear_the_rope(guest)
    guest.finds_no_barrier()
    ways = page.locator("main a[href^='/login/']")
    expect(ways).to_have_text([re.compile(name) for name in ("Follow", "like", "Save", "Log in")])
    back = f"/login/?next=/videos/{SAILS.id}%3Ft%3D40"
    assert {way.get_attribute("href") for way in ways.all()} == {back}
    guest.press(ways.first)
    guest.log_in("guest")
    page.wait_for_url(f"**/videos/{SAILS.id}?t=40")
    guest.press_button("Follow mina")
    expect(page.get_by_role("button", name="Following mina")).to_be_visible()


def test_w151_viewer_takes_part_and_finds_again_what_they_kept(viewer: Journey) -> None:
    """W151"""
    page = viewer.page
    hear_the_rope(viewer)

    viewer.press_button("Follow mina")
    expect(page.get_by_role("button", name="Following mina")).to_be_visible()
    viewer.press(page.locator("#like button"))
    expect(page.locator("#like button")).to_have_attribute("aria-pressed", "true")
    say(viewer, f"Seen on a {viewer.size.name}")
    keep_for_later(viewer)
    page.fill("#new-playlist", "For the voyage")
    viewer.press_button("Make and save")
    expect(page.locator("#save-lists")).to_contain_text("For the voyage")
    viewer.finds_no_barrier()
    viewer.press_button("Close")

    viewer.open_from_menu("History")
    expect(page.locator("main li")).to_contain_text(SAILS.title)
    expect(page.locator("main li")).to_contain_text("stopped at")
    viewer.open_from_menu("Watch later")
    expect(page.locator("#entries")).to_contain_text(SAILS.title)
    viewer.finds_no_barrier()
    viewer.open_from_menu("Playlists")
    viewer.press_link("For the voyage")
    viewer.has_title("For the voyage")
    # Beside the buttons that change its place.
    assert box_of(page.locator("#entries .list-item"))["width"] >= LEAST_PIXELS_OF_LINE
    viewer.press_link("Play all")
    expect(page.get_by_role("region", name="For the voyage")).to_contain_text("1 of 1")
    viewer.go_home()
    expect(page.get_by_role("region", name="Continue watching")).to_contain_text(SAILS.title)
    viewer.finds_no_barrier()


def say(viewer: Journey, text: str) -> None:
    """A comment on the moment that is shown."""
    page = viewer.page
    viewer.press(page.locator("#say"))
    page.fill("#say", text)
    viewer.press(page.locator("#comments label[data-role=at]"))
    viewer.press_button("Post")
    comment = page.locator("#comments article", has_text=text)
    expect(comment.get_by_role("link", name=re.compile(r"^\d:\d\d$"))).to_be_visible()
    viewer.finds_no_barrier()


def test_w152_owner_names_shows_and_captions_a_video_and_takes_it_back_from_the_trash(
    owner: Journey, filled_site: Site
) -> None:
    """W152"""
    page, draft, title = owner.page, draft_of(owner.size), f"The buoy, by {owner.size.name}"
    owner.type_in_search("namel")
    owner.press(page.get_by_role("option", name=draft.title))
    owner.has_title(draft.title)

    owner.press_link("Edit")
    page.fill("[name=title]", title)
    owner.press(page.locator("label.choice", has_text="Public"))
    owner.finds_no_barrier()
    owner.press_button("Save")
    owner.has_title(title)
    owner.press_link("Captions")
    page.fill("[name=language]", "en")
    content = FOGBOUND.format(size=owner.size.name).encode()
    page.set_input_files("[name=file]", {"name": "en.vtt", "mimeType": "text/vtt", "buffer": content})
    owner.press_button("Upload")
    expect(page.get_by_role("list", name="Languages")).to_contain_text("English")
    owner.finds_no_barrier()
    found = filled_site.get_json(f"/api/videos?q=fogbound+{owner.size.name}")
    assert [(video["id"], video["title"]) for video in found["items"]] == [(draft.id, title)]

    owner.press_link(title)
    owner.press_button(f"Delete {title}")
    expect(page.locator("#delete")).to_be_visible()
    owner.finds_no_barrier()
    owner.press(page.locator("#delete").get_by_role("button", name="Delete"))
    note = page.locator(".notes .notice", has_text=f"Moved “{title}” to the trash.")
    expect(note).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(title)
    assert box_of(note)["height"] <= MOST_PIXELS_OF_NOTE
    owner.finds_no_barrier()
    owner.press(note.get_by_role("button", name="Undo"))
    owner.has_title(title)
    expect(page.locator(".notes")).to_contain_text(f"“{title}” is back.")


def test_w153_video_that_is_shared_no_more_answers_like_one_that_never_was(
    owner: Journey, stranger: Journey
) -> None:
    """W153: to somebody who had its link, watched it and kept it."""
    page, size = stranger.page, stranger.size
    shared, fields = shared_of(size), shared_list_of(size)
    page.goto(f"{stranger.visitor.site.url}/videos/{shared.id}?t=30")
    stranger.has_title(shared.title)
    stranger.press(page.locator(".player__big"))
    stranger.plays_beyond(30)
    stranger.stop()
    keep_for_later(stranger)
    links = links_of(stranger.visitor, shared)
    assert set(traces_left(stranger.visitor, shared, fields)) >= {"/", "/history/", "/later/"}

    call_api(owner.visitor, "PATCH", f"/videos/{shared.id}", {"visibility": "private"})
    page.reload()

    stranger.has_title("It slipped out")
    stranger.finds_no_barrier()
    assert doors_that_differ(stranger.visitor, shared) == {}
    assert traces_left(stranger.visitor, shared, fields) == {}
    assert dead_links(stranger.visitor, links) == links
    # The browser names each refusal among the errors; that of the page was wanted.
    stranger.visitor.complaints[:] = [line for line in stranger.visitor.complaints if "404" not in line]


def test_w154_keys_alone_lead_from_a_word_to_the_second_where_it_is_said(
    filled_site: Site, browser: Browser
) -> None:
    """W154"""
    with begin(filled_site, browser, DESK, "guest") as guest:
        page, keys = guest.page, guest.page.keyboard
        keys.press("Tab")
        expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
        keys.press("/")
        keys.type("bolt rope")
        keys.press("Enter")
        guest.has_title("1 result for “bolt rope”")
        tab_to(guest, page.get_by_role("link", name=f"0:40 {ROPE}"))
        keys.press("Enter")
        is_at_the_rope(guest)

        keys.press("c")
        expect(page.locator(".player__captions p")).to_have_text(ROPE)
        tab_to(guest, page.get_by_label("Search the transcript"))
        keys.type("wind")
        cue = page.locator("#panel-transcript a:visible")
        expect(cue).to_have_count(1)
        expect(cue).to_contain_text(WIND)
        tab_to(guest, cue)
        keys.press("Enter")
        guest.plays_beyond(12)
        guest.stop()
        expect(page.locator(".player__captions p")).to_have_text(WIND)
        keys.press("?")
        expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
        guest.finds_no_barrier()
        keys.press("Escape")
        expect(page.get_by_role("dialog", name="Keyboard")).to_be_hidden()


def tab_to(journey: Journey, target: Locator) -> None:
    expect(target).to_be_visible()
    for _ in range(MOST_TABS):
        if target.evaluate("element => element === document.activeElement"):
            return
        journey.page.keyboard.press("Tab")
    raise AssertionError(f"{target} was not reached by {MOST_TABS} tabs")


def box_of(target: Locator) -> FloatRect:
    box = target.bounding_box()
    assert box
    return box
