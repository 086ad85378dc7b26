"""Searching in a browser, by keyboard alone: from the first letter to the second where a word is spoken."""

from __future__ import annotations

from e2e.conftest import Visitor
from e2e.site import Site
from playwright.sync_api import expect

ADD = """
from django.contrib.auth.models import User
from cattube.captions.formats.timed_text import TimedText
from cattube.search.indexing import set_transcript
from cattube.videos.models import Video
owner = User.objects.get(username="admin")
facts = dict(visibility="public", status="ready", duration_seconds=600)
for number in range(13):
    video = Video.objects.create(owner=owner, title=f"Knots {number}", **facts)
video = Video.objects.create(owner=owner, title="One morning with the last sailmaker", **facts)
set_transcript(video.pk, "en", [TimedText(83.5, 90, "the bolt rope goes in by hand")])
print(video.pk)
"""
# More than there are places for the focus before the results.
MOST_TABS = 200


def test_word_that_is_spoken_is_reached_by_keyboard_alone_d69(admin: Visitor, site: Site) -> None:
    """D69"""
    video_id = site.run(ADD).strip()
    page = admin.open("/")

    # A video that the field offers.
    page.keyboard.press("/")
    page.keyboard.type("sailm")
    option = page.get_by_role("option", name="One morning with the last sailmaker")
    expect(option).to_be_visible()
    field = page.get_by_role("combobox", name="Search videos")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(option).to_be_hidden()

    # Typed wrongly, and found all the same.
    field.fill("bolt rpoe")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 result for “bolt rope”")
    found = page.url
    line = page.get_by_role("link", name="1:23 the bolt rope goes in by hand")
    for _ in range(MOST_TABS):
        if line.evaluate("link => link === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(line).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.url}/videos/{video_id}?t=83")
    page.go_back()
    assert page.url == found

    # What narrows the list is in the address, and nothing else.
    page.goto(f"{site.url}/?q=knots")
    page.get_by_label("Length").select_option("medium")
    page.wait_for_url(f"{site.url}/?q=knots&length=medium&order=relevance")
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("article")).to_have_count(1)
    second = page.url
    page.get_by_role("article").get_by_role("link").first.click()
    page.go_back()
    assert page.url == second
