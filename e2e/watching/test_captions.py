"""Captions in a browser: uploaded, edited beside the player, followed and searched beside it."""

from __future__ import annotations

from e2e.conftest import Visitor
from e2e.media.streams import Clips, put_video
from e2e.pages.player_page import VIDEO, open_player, play
from e2e.pages.uppy_page import PATIENCE_MS
from e2e.site import Site
from playwright.sync_api import Browser, Page, expect

# Two workers share the processors with their encoders.
expect.set_options(timeout=PATIENCE_MS)

SUBRIP = """1
00:00:01,000 --> 00:00:03,000
Come down & eat

2
00:00:30,000 --> 00:00:34,000
<script>alert(1)</script>Le Café
"""
CHAPTERS = "0:00 The roof\n0:30 The kitchen"


def test_owner_captions_a_video_and_finds_its_words(
    site: Site, visitor: Visitor, browser: Browser, clips: Clips
) -> None:
    """D86: somebody else saves meanwhile."""
    video = put_video(site, film=clips.film)
    address = f"/videos/{video.id}"
    page = visitor.open(f"{address}/captions")
    page.fill("[name=language]", "en")
    page.set_input_files(
        "[name=file]", {"name": "a.srt", "mimeType": "text/plain", "buffer": SUBRIP.encode()}
    )
    page.click("main button:has-text('Upload')")
    page.click("main a:has-text('Edit')")
    edit_the_first_cue(page)
    two_editors_do_not_overwrite_each_other(page, visitor, f"{site.url}/api{address}/captions/en")
    page.goto(f"{site.url}{address}/chapters")
    page.fill("textarea", CHAPTERS)
    page.click("main button[type=submit]")

    watching = open_player(visitor, address)
    words_are_found_followed_and_played(watching)
    chapters_are_places_to_go(watching)
    assert visitor.complaints == []
    everything_is_there_without_a_script(browser, visitor, address)


def edit_the_first_cue(page: Page) -> None:
    """By keyboard: another text, a split, a mistake and its correction."""
    texts, state = page.locator("[data-role=text]"), page.locator("[data-role=state]")
    expect(texts).to_have_count(2)
    expect(texts.first).to_have_value("Come down & eat")
    texts.first.fill("Come down and eat")
    expect(state).to_have_text("Saved")

    for _ in "and eat":
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Alt+Enter")
    expect(texts).to_have_count(3)
    expect(texts.nth(1)).to_have_value("and eat")
    expect(texts.nth(1)).to_be_focused()
    expect(state).to_have_text("Saved")

    end = page.locator("[data-role=end]").first
    end.fill("0:00")
    expect(page.get_by_text("It ends before it begins.")).to_be_visible()
    expect(state).to_contain_text("Not saved")
    end.fill("0:02")
    expect(state).to_have_text("Saved")
    page.reload()
    expect(texts).to_have_count(3)


def two_editors_do_not_overwrite_each_other(page: Page, visitor: Visitor, url: str) -> None:
    state = page.locator("[data-role=state]")
    token = page.get_attribute("meta[name=csrf-token]", "content") or ""
    headers = {"X-CSRFToken": token, "Content-Type": "text/vtt", "Referer": page.url}
    request = visitor.context.request
    other = request.get(url).text().replace("Café", "Bistro")
    assert request.put(url, data=other, headers=headers).ok

    page.locator("[data-role=text]").first.fill("Come down, cat")
    expect(page.locator("[data-role=conflict]")).to_be_visible()
    assert "Bistro" in request.get(url).text()

    page.click("[data-role=mine]")
    expect(state).to_have_text("Saved")
    assert "Come down, cat" in request.get(url).text()
    # The browser names each refusal among the errors; this one was wanted.
    visitor.complaints[:] = [line for line in visitor.complaints if "412" not in line]


def words_are_found_followed_and_played(page: Page) -> None:
    cues = page.locator("#panel-transcript a:visible")
    expect(cues).to_have_count(3)
    expect(cues.nth(2)).to_contain_text("alert(1)Le Café")

    page.fill("#transcript-words", "cafe")
    expect(cues).to_have_count(1)
    expect(cues.locator("mark")).to_have_text("Café")
    cues.first.focus()
    page.keyboard.press("Enter")
    # It plays on from there.
    page.wait_for_function(f"() => {VIDEO}.currentTime >= 30")
    page.fill("#transcript-words", "")
    expect(cues).to_have_count(3)
    play(page, beyond_seconds=30.2)
    expect(cues.nth(2)).to_have_attribute("aria-current", "true")


def chapters_are_places_to_go(page: Page) -> None:
    page.focus("#tab-transcript")
    page.keyboard.press("ArrowRight")
    chapter = page.get_by_role("link", name="The roof")
    expect(chapter).to_be_visible()
    page.evaluate(f"{VIDEO}.pause()")
    chapter.click()
    page.wait_for_function(f"() => {VIDEO}.currentTime < 30")


def everything_is_there_without_a_script(browser: Browser, visitor: Visitor, address: str) -> None:
    state = visitor.context.storage_state()
    context = browser.new_context(java_script_enabled=False, storage_state=state)
    page = context.new_page()
    page.goto(f"{visitor.site.url}{address}")
    assert page.get_attribute("video track", "src") == f"/api{address}/captions/en"
    expect(page.get_by_role("link", name="The kitchen")).to_be_visible()
    expect(page.get_by_role("link", name="English, as a file")).to_be_visible()
    context.close()
