"""The player in a browser: streams in several qualities, the way back to a file, pictures on the timeline."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from e2e.conftest import Visitor
from e2e.media.streams import Clips, Segments, Watchable, put_video
from e2e.pages.player_page import (
    FILM_HEIGHT,
    VIDEO,
    choose,
    is_stream,
    open_menu,
    open_player,
    play,
    seek,
    wait_for_height,
)
from e2e.site import Site, start_site
from e2e.waiting import wait_until_dead
from playwright.sync_api import Request, Response, Route


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose links soon die, in the place of the one that all browser tests share."""
    running = start_site(tmp_path_factory.mktemp("player") / "data", LINK_SECONDS="20")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def streamed(site: Site, clips: Clips) -> Watchable:
    return put_video(site, film=clips.film, stream=clips.streams["fmp4"], storyboard=clips.storyboard)


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("segments", ["fmp4", "mpegts"])
def test_stream_plays_seeks_and_changes_its_quality(
    site: Site, visitor: Visitor, clips: Clips, segments: Segments
) -> None:
    video = put_video(site, film=clips.film, stream=clips.streams[segments])
    page = open_player(visitor, f"/videos/{video.id}")

    play(page, beyond_seconds=0.5)
    wait_for_height(page, 720)
    choose(page, "360p")
    wait_for_height(page, 360)
    seek(page, 60)
    play(page, beyond_seconds=60.5)
    choose(page, "720p")
    wait_for_height(page, 720)

    assert is_stream(page)
    assert page.evaluate(f"{VIDEO}.webkitAudioDecodedByteCount") > 0
    assert page.evaluate(f"Math.round({VIDEO}.duration)") == 90
    assert not page.is_visible("[data-role=error]")


@pytest.mark.usefixtures("unharmed")
def test_quality_is_shown_remembered_and_given_back_to_the_player(
    visitor: Visitor, streamed: Watchable
) -> None:
    page = open_player(visitor, f"/videos/{streamed.id}")
    page.wait_for_selector("[data-role=settings]:has-text('720p')")
    choose(page, "360p")
    page.reload()
    play(page, beyond_seconds=0.5)

    wait_for_height(page, 360)
    page.wait_for_selector("[data-role=settings]:has-text('360p')")
    choose(page, "Auto")

    wait_for_height(page, 720)
    open_menu(page)
    page.wait_for_selector("[data-role=qualities] label:has(:checked):has-text('Auto · 720p')")


@pytest.mark.usefixtures("unharmed")
def test_menu_is_moved_by_keys_alone_and_gives_the_focus_back(visitor: Visitor, streamed: Watchable) -> None:
    page = open_player(visitor, f"/videos/{streamed.id}")
    page.wait_for_selector("[data-role=settings]:has-text('720p')")
    page.focus("[data-role=settings]")

    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")

    assert page.evaluate(f"{VIDEO}.playbackRate") == 1.25
    assert page.is_hidden("[data-role=menu]")
    assert page.evaluate("document.activeElement.dataset.role") == "settings"
    play(page, beyond_seconds=0.5)
    wait_for_height(page, 360)
    page.wait_for_selector("[data-role=settings]:has-text('360p · 1.25')")


@pytest.mark.usefixtures("unharmed")
def test_stream_that_lay_open_over_night_plays_on_without_a_refusal_s03(
    visitor: Visitor, streamed: Watchable
) -> None:
    page = visitor.context.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"{visitor.site.url}/videos/{streamed.id}")
    page.wait_for_function(f"() => {VIDEO}.readyState >= 3")
    first = [answer.url for answer in answers if "/720p/" in answer.url]
    wait_until_dead(first[-1])

    seek(page, 70)
    play(page, beyond_seconds=70.5)

    assert is_stream(page)
    assert [answer.url for answer in answers if answer.status >= 400] == []
    assert page.locator(".player__still").count() == 0


def test_link_that_is_refused_while_it_plays_is_renewed_unseen(visitor: Visitor, streamed: Watchable) -> None:
    page = visitor.context.new_page()
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route.request.url)
            route.fulfill(status=403)

    page.route("**/*.m4s?*", refuse_once)
    page.goto(f"{visitor.site.url}/videos/{streamed.id}")
    page.wait_for_selector("video:not([controls])")

    play(page, beyond_seconds=1)

    assert len(refused) == 1
    assert is_stream(page)
    assert not page.is_visible("[data-role=error]")


def test_stream_with_a_broken_playlist_gives_way_to_the_file(
    site: Site, visitor: Visitor, clips: Clips
) -> None:
    video = put_video(site, film=clips.film, stream=clips.streams["mpegts"])
    (video.stream / "playlist.m3u8").write_text("This is no playlist.")
    page = open_player(visitor, f"/videos/{video.id}?t=20")

    play(page, beyond_seconds=20.5)

    wait_for_height(page, FILM_HEIGHT)
    assert not page.is_visible("[data-role=error]")
    assert page.is_hidden("[data-role=qualities]")


@pytest.mark.parametrize("harm", ["missing", "no video"])
def test_stream_that_breaks_off_goes_on_as_the_file_at_the_same_place(
    site: Site, visitor: Visitor, clips: Clips, harm: str
) -> None:
    video = put_video(site, film=clips.film, stream=clips.streams["fmp4"])
    for piece in range(1, 45):
        path = video.stream / "720p" / f"{piece}.m4s"
        path.unlink() if harm == "missing" else path.write_bytes(b"no video" * 100)
        (video.stream / "360p" / f"{piece}.m4s").unlink()
    page = open_player(visitor, f"/videos/{video.id}")
    page.wait_for_function(f"() => {VIDEO}.readyState >= 2")
    before: float = page.evaluate(f"{VIDEO}.currentTime")

    play(page, beyond_seconds=3)

    wait_for_height(page, FILM_HEIGHT)
    assert before < 2
    assert page.evaluate(f"{VIDEO}.currentTime") < 60
    assert not page.is_visible("[data-role=error]")


@pytest.mark.usefixtures("unharmed")
def test_video_without_a_stream_loads_no_player_of_streams(
    site: Site, visitor: Visitor, clips: Clips
) -> None:
    video = put_video(site, film=clips.film)
    page = visitor.context.new_page()
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    page.goto(f"{site.url}/videos/{video.id}")

    play(page, beyond_seconds=0.5)

    assert page.evaluate(f"{VIDEO}.videoHeight") == FILM_HEIGHT
    assert page.inner_text("[data-role=settings]") == "1\N{MULTIPLICATION SIGN}"
    assert [request.url for request in asked if "/hls-" in request.url] == []


@pytest.mark.usefixtures("unharmed")
def test_timeline_shows_the_picture_of_the_place_under_the_pointer(
    visitor: Visitor, streamed: Watchable
) -> None:
    page = open_player(visitor, f"/videos/{streamed.id}")
    page.wait_for_function(f"() => {VIDEO}.duration > 0")
    box = page.locator("[data-role=position]").bounding_box()
    assert box

    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector("[data-role=tip] .timeline__tile")
    page.mouse.move(box["x"] + box["width"] / 2 + 1, box["y"] + box["height"] / 2)

    assert page.inner_text("[data-role=tip] span") == "0:45"
    assert (
        page.evaluate("document.querySelector('.timeline__tile').style.backgroundPosition") == "0% 55.5556%"
    )
    page.mouse.move(5, 5)
    page.wait_for_selector("[data-role=tip]", state="hidden")


@pytest.mark.usefixtures("unharmed")
def test_embedded_player_has_the_stream_and_its_qualities_too(visitor: Visitor, streamed: Watchable) -> None:
    page = open_player(visitor, f"/embed/{streamed.id}")

    play(page, beyond_seconds=0.5)
    choose(page, "360p")

    wait_for_height(page, 360)
    assert is_stream(page)
