"""The player in a browser: streams in several qualities, the way back to a file, pictures on the timeline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import httpx
import pytest
from playwright.sync_api import Browser, Page, Request, Response, Route

from e2e.conftest import Visitor, sign_in
from e2e.site import Site, start_site
from e2e.streams import Segments, Watchable, make_film, make_storyboard, make_stream, put_video

LINK_SECONDS = 20
VIDEO = "document.querySelector('video')"
FILM_HEIGHT = 480


@dataclass(frozen=True)
class Clips:
    film: Path
    storyboard: Path
    streams: dict[Segments, Path]


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Clips:
    folder = tmp_path_factory.mktemp("streams")
    streams: dict[Segments, Path] = {}
    for segments in cast(tuple[Segments, ...], ("fmp4", "mpegts")):
        (folder / segments).mkdir()
        streams[segments] = make_stream(folder / segments, segments)
    film = make_film(folder / "film.mp4")
    return Clips(film, make_storyboard(film, folder / "board.jpg"), streams)


@pytest.fixture(scope="module")
def player_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = start_site(tmp_path_factory.mktemp("player") / "data", LINK_SECONDS=str(LINK_SECONDS))
    yield site
    site.stop()


@pytest.fixture
def visitor(browser: Browser, player_site: Site) -> Iterator[Visitor]:
    """Signed in, with nothing remembered of earlier videos."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    signed_in = Visitor(context, player_site)
    sign_in(signed_in)
    yield signed_in
    context.close()


@pytest.fixture
def unharmed(visitor: Visitor) -> Iterator[None]:
    """The page raises no error, breaks no policy, is refused nothing and calls nobody else."""
    yield
    assert visitor.complaints == []


@pytest.fixture(scope="module")
def streamed(player_site: Site, clips: Clips) -> Watchable:
    return put_video(player_site, film=clips.film, stream=clips.streams["fmp4"], storyboard=clips.storyboard)


def open_player(visitor: Visitor, path: str) -> Page:
    page = visitor.open(path)
    page.wait_for_selector("video:not([controls])")
    return page


def play(page: Page, *, beyond_seconds: float) -> None:
    # Refused when the stream takes the file's place meanwhile, which plays on.
    page.evaluate(f"void {VIDEO}.play().catch(() => {{}})")
    page.wait_for_function(f"() => {VIDEO}.currentTime > {beyond_seconds}")


def seek(page: Page, seconds: float) -> None:
    page.evaluate(f"{VIDEO}.currentTime = {seconds}")


def wait_for_height(page: Page, pixels: int) -> None:
    page.wait_for_function(f"() => {VIDEO}.videoHeight === {pixels}")


def open_menu(page: Page) -> None:
    # A bar that has left the picture comes back for who moves.
    for x in (400, 410):
        page.mouse.move(x, 400)
    page.click("[data-role=settings]")


def choose(page: Page, label: str) -> None:
    open_menu(page)
    page.click(f"[data-role=qualities] label:has-text('{label}')")
    page.keyboard.press("Escape")


def wait_until_dead(link: str) -> None:
    while httpx.get(link).status_code == 200:
        pass


def is_stream(page: Page) -> bool:
    return str(page.evaluate(f"{VIDEO}.currentSrc")).startswith("blob:")


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("segments", ["fmp4", "mpegts"])
def test_stream_plays_seeks_and_changes_its_quality(
    player_site: Site, visitor: Visitor, clips: Clips, segments: Segments
) -> None:
    video = put_video(player_site, film=clips.film, stream=clips.streams[segments])
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
    player_site: Site, visitor: Visitor, clips: Clips
) -> None:
    video = put_video(player_site, film=clips.film, stream=clips.streams["mpegts"])
    (video.stream / "playlist.m3u8").write_text("This is no playlist.")
    page = open_player(visitor, f"/videos/{video.id}?t=20")

    play(page, beyond_seconds=20.5)

    wait_for_height(page, FILM_HEIGHT)
    assert not page.is_visible("[data-role=error]")
    assert page.is_hidden("[data-role=qualities]")


@pytest.mark.parametrize("harm", ["missing", "no video"])
def test_stream_that_breaks_off_goes_on_as_the_file_at_the_same_place(
    player_site: Site, visitor: Visitor, clips: Clips, harm: str
) -> None:
    video = put_video(player_site, film=clips.film, stream=clips.streams["fmp4"])
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
    player_site: Site, visitor: Visitor, clips: Clips
) -> None:
    video = put_video(player_site, film=clips.film)
    page = visitor.context.new_page()
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    page.goto(f"{player_site.url}/videos/{video.id}")

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
