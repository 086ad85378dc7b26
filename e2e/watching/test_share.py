"""The share sheet: a link, code to embed, and the sheet of the device, all from the second that is shown."""

from __future__ import annotations

import pytest
from e2e.conftest import Visitor
from e2e.media.streams import Clips, put_video
from e2e.pages.player_page import open_player, seek
from e2e.site import Site

NOTE_SHARES = "window.shares = []; navigator.share = async what => { window.shares.push(what) }"


@pytest.mark.usefixtures("unharmed")
def test_w170_viewer_shares_a_moment_as_link_as_code_and_by_an_app(
    visitor: Visitor, site: Site, clips: Clips
) -> None:
    """W170"""
    visitor.context.add_init_script(NOTE_SHARES)
    video = put_video(site, film=clips.film)
    page = open_player(visitor, f"/videos/{video.id}")
    seek(page, 83)

    page.click("[data-dialog=share]")
    code = page.input_value("#share-embed")
    page.check("#share-at")
    started = page.input_value("#share-embed")
    page.click("#share-device")
    page.wait_for_function("() => window.shares.length === 1")

    address = f"{visitor.site.url}/videos/{video.id}"
    assert page.inner_text("#share-time") == "1:23"
    assert page.input_value("#share-link") == f"{address}?t=83"
    assert page.evaluate("window.shares[0].url") == f"{address}?t=83"
    assert started == code.replace(f"/embed/{video.id}", f"/embed/{video.id}?t=83")
    page.uncheck("#share-at")
    assert (page.input_value("#share-link"), page.input_value("#share-embed")) == (address, code)
