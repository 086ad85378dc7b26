"""Everything in buckets of another origin, a CDN before them: nothing that is watched passes the site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from e2e.api_client import let_pages_in
from e2e.conftest import Visitor, sign_in
from e2e.pages import upload_page
from e2e.pages.player_page import is_stream
from e2e.running.bucket.cdn import cdn
from e2e.site import Site, start_site
from e2e.waiting import wait_until_dead
from playwright.sync_api import Browser, Page, Request, Route
from servers.s3_server import S3Server

LINK_SECONDS = 10
VIDEO = "document.querySelector('video')"


@dataclass(frozen=True)
class Buckets:
    """private: as B2 has them, where a DELETE only hides. origin: where browsers find both."""

    server: S3Server
    private: str
    public: str
    origin: str

    @property
    def steps(self) -> set[str]:
        """The steps whose results are in the private bucket, hidden ones too."""
        return {key.split("/")[0] for key in self.server.versions(self.private)}


@pytest.fixture(scope="module")
def buckets(s3_server: S3Server) -> Iterator[Buckets]:
    private, public = s3_server.make_bucket(is_versioned=True), s3_server.make_bucket()
    with cdn(s3_server, public_bucket=public) as origin:
        yield Buckets(s3_server, private, public, origin)


@pytest.fixture(scope="module")
def bucket_site(tmp_path_factory: pytest.TempPathFactory, buckets: Buckets) -> Iterator[Site]:
    settings = {
        "AWS_S3_ENDPOINT_URL": buckets.server.endpoint_url,
        "AWS_S3_REGION_NAME": buckets.server.region,
        "AWS_S3_CUSTOM_DOMAIN": buckets.origin,
        "AWS_ACCESS_KEY_ID": buckets.server.key_id,
        "AWS_SECRET_ACCESS_KEY": buckets.server.secret,
        "AWS_PRIVATE_BUCKET_NAME": buckets.private,
        "AWS_STORAGE_BUCKET_NAME": buckets.public,
        "LINK_SECONDS": str(LINK_SECONDS),
    }
    site = start_site(tmp_path_factory.mktemp("buckets") / "data", **settings)
    let_pages_in(site, **settings)
    yield site
    site.stop()


@pytest.fixture(scope="module")
def admin(browser: Browser, bucket_site: Site, buckets: Buckets) -> Iterator[Visitor]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    visitor = Visitor(context, bucket_site, friends={urlsplit(buckets.origin).netloc})
    sign_in(visitor)
    yield visitor
    context.close()


@pytest.fixture(scope="module")
def watch_path(admin: Visitor, clip: Path) -> str:
    """The page of a video that was uploaded by way of the engine."""
    page = admin.open("/upload/")
    upload_page.drop(page, clip)
    link = upload_page.share_link(page)
    upload_page.wait_until_complete(page)
    page.close()
    return urlsplit(link).path


@pytest.fixture
def unharmed(admin: Visitor) -> Iterator[None]:
    """The page raises no error, breaks no policy, and calls nobody else."""
    admin.complaints.clear()
    yield
    assert admin.complaints == []


def play(page: Page, *, beyond_seconds: float) -> None:
    # A stream that takes the file's place just then interrupts the first try.
    start = f"if ({VIDEO}.paused) {VIDEO}.play().catch(() => {{}})"
    page.wait_for_function(f"() => {{ {start}; return {VIDEO}.currentTime > {beyond_seconds} }}")


def without_streams(visitor: Visitor) -> Page:
    """A page of a browser that plays files alone."""
    page = visitor.context.new_page()
    page.add_init_script("delete window.MediaSource; delete window.ManagedMediaSource")
    return page


def open_without_streams(visitor: Visitor, path: str) -> Page:
    page = without_streams(visitor)
    page.goto(f"{visitor.site.url}{path}")
    page.wait_for_selector("video:not([controls])")
    return page


@pytest.mark.usefixtures("unharmed")
def test_video_plays_and_seeks_from_the_bucket_and_looks_come_from_the_other(
    bucket_site: Site, admin: Visitor, buckets: Buckets, watch_path: str
) -> None:
    page = admin.context.new_page()
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    page.goto(f"{bucket_site.url}{watch_path}")
    page.wait_for_selector("video:not([controls])")

    play(page, beyond_seconds=0.5)
    page.evaluate(f"{VIDEO}.currentTime = 8")
    page.wait_for_function(f"() => {VIDEO}.currentTime > 8.2")

    assert is_stream(page)
    pieces = [request for request in asked if request.url.partition("?")[0].endswith(".mp4")]
    assert any("/hls/" in piece.url for piece in pieces)
    assert all(piece.url.startswith(f"{buckets.origin}/{buckets.private}/") for piece in pieces)
    statuses = {answer.status for piece in pieces if piece.method == "GET" and (answer := piece.response())}
    assert statuses == {206}
    looks = [request.url for request in asked if request.resource_type in ("script", "stylesheet", "font")]
    assert looks
    assert all(url.startswith(f"{buckets.origin}/{buckets.public}/") for url in looks), looks
    assert buckets.steps == {":original", "resized", "thumbnail", "watermarked", "storyboard", "hls"}
    assert bucket_site.files_in("bucket") == []
    page.close()


@pytest.mark.usefixtures("unharmed")
def test_thumbnail_in_the_library_comes_from_the_bucket(
    admin: Visitor, buckets: Buckets, watch_path: str
) -> None:
    page = admin.open("/")
    picture = page.locator(f"[data-grid] [data-video='{watch_path.rpartition('/')[2]}'] img")
    page.wait_for_function("picture => picture.naturalWidth > 0", arg=picture.element_handle())

    assert str(picture.get_attribute("src")).startswith(f"{buckets.origin}/{buckets.private}/thumbnail/")
    page.close()


@pytest.mark.usefixtures("unharmed")
def test_page_that_lay_open_over_night_plays_on_when_play_is_pressed_s03(
    admin: Visitor, watch_path: str
) -> None:
    page = open_without_streams(admin, watch_path)
    play(page, beyond_seconds=1)
    page.evaluate(f"{VIDEO}.pause()")
    first, place = page.evaluate(f"[{VIDEO}.currentSrc, {VIDEO}.currentTime]")
    wait_until_dead(first)
    page.evaluate("() => { const now = Date.now; Date.now = () => now() + 8 * 3_600_000 }")

    page.evaluate(f"void {VIDEO}.play().catch(() => {{}})")
    page.wait_for_function(
        f"([first, place]) => {VIDEO}.currentSrc !== first && {VIDEO}.currentTime > place + 1",
        arg=[first, place],
    )

    assert not page.is_visible("[data-role=error]")
    page.wait_for_selector(".player__still", state="detached")
    page.close()


def test_link_that_dies_while_watching_is_replaced_at_the_same_place(admin: Visitor, watch_path: str) -> None:
    page = without_streams(admin)
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route.request.url)
            route.fulfill(status=403, headers={"Access-Control-Allow-Origin": "*"})

    page.route("**/watermarked/**", refuse_once)
    page.goto(f"{admin.site.url}{watch_path}?t=3")
    page.wait_for_selector("video:not([controls])")

    play(page, beyond_seconds=3.5)

    assert len(refused) == 1
    assert not page.is_visible("[data-role=error]")
    page.close()


def test_deleted_for_ever_frees_the_bucket_and_ends_every_link_s03_s09(
    admin: Visitor, buckets: Buckets, watch_path: str
) -> None:
    page = admin.open(watch_path)
    video_id = watch_path.rpartition("/")[2]
    link = page.evaluate("id => fetch(`/api/videos/${id}`).then(it => it.json())", video_id)["transcoded"]
    before = httpx.get(link, headers={"Range": "bytes=0-0"}).status_code

    deleted = page.evaluate(
        """id => fetch(`/api/videos/${id}?permanent=true`, {
          method: 'DELETE',
          headers: { 'X-CSRFToken': document.querySelector('meta[name="csrf-token"]').content },
        }).then((answer) => answer.status)""",
        video_id,
    )

    assert (before, deleted) == (206, 204)
    assert httpx.get(link).status_code in (403, 404)
    assert buckets.steps == set()
    assert buckets.server.unfinished(buckets.private) == []
