"""The owner watches the file as it was sent while it is processed, and goes on to the finished video."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from e2e.conftest import Visitor
from e2e.pages import upload_page
from e2e.pages.player_page import FINISHED

ORIGINAL = "[aria-label='Your original'] video"


def test_owner_plays_the_original_until_the_finished_video_is_asked_for(
    admin: Visitor, long_clip: Path
) -> None:
    page = admin.open("/upload/")
    upload_page.drop(page, long_clip)
    watching = admin.open(urlsplit(upload_page.share_link(page)).path)

    watching.wait_for_selector(ORIGINAL, timeout=120_000)
    watching.evaluate("original => { document.querySelector(original).loop = true }", ORIGINAL)
    watching.evaluate("original => document.querySelector(original).play()", ORIGINAL)
    watching.wait_for_function("original => document.querySelector(original).currentTime > 0.5", arg=ORIGINAL)
    sent_width = watching.evaluate("original => document.querySelector(original).videoWidth", ORIGINAL)
    offer = watching.wait_for_selector("text=Watch the finished version", timeout=300_000)
    is_still_playing = watching.evaluate("original => !document.querySelector(original).paused", ORIGINAL)
    assert watching.query_selector(FINISHED) is None
    assert offer
    offer.click()
    watching.wait_for_selector(FINISHED)
    watching.wait_for_function(
        "finished => document.querySelector(finished).videoWidth === 1280", arg=FINISHED
    )

    assert (sent_width, is_still_playing) == (1920, True)
    assert watching.query_selector(ORIGINAL) is None
