"""Steps around a video that more than one role takes."""

from __future__ import annotations

from playwright.sync_api import expect

from e2e.journeys.content import ROPE, SAILS
from e2e.journeys.journey import Journey


def hear_the_rope(journey: Journey) -> None:
    """Find a word that is spoken, and hear it from one press on."""
    journey.search("bolt rope")
    journey.has_title("1 result for “bolt rope”")
    journey.finds_no_barrier()
    journey.press_link(f"0:40 {ROPE}")
    is_at_the_rope(journey)


def is_at_the_rope(journey: Journey) -> None:
    """It plays there by itself, and the transcript has come to it."""
    journey.page.wait_for_url(f"**/videos/{SAILS.id}?t=40")
    journey.plays_beyond(40)
    journey.stop()
    expect(journey.page.locator("#panel-transcript [aria-current]")).to_contain_text(ROPE)


def keep_for_later(journey: Journey) -> None:
    """Leaves the sheet open."""
    lists = journey.page.locator("#save-lists")
    journey.press_button("Save")
    expect(lists).to_be_visible()
    journey.press(lists.get_by_role("button", name="Save to Watch later"))
    expect(lists.get_by_role("button", name="Saved to Watch later")).to_be_visible()
