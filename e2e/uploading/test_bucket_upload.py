"""Files that go straight from the browser into a bucket of another origin, past the engine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from e2e.api_client import let_pages_in
from e2e.conftest import Visitor, sign_in
from e2e.media.clips import make_noisy_clip
from e2e.pages import upload_page
from e2e.pages.player_page import go_on_to_finished
from e2e.site import Site, start_site
from playwright.sync_api import Browser, Page, expect
from servers.faults import Call, Faults, Refusal, Rule, faulty, first, none
from servers.s3_server import S3Server

PART_BYTES = 8 * 2**20
AWAY = Refusal(503, "ServiceUnavailable")


class Bucket:
    """The private bucket of the site, and the way to it."""

    def __init__(self, server: S3Server, faults: Faults) -> None:
        self.server, self.faults, self.name = server, faults, server.make_bucket()

    @property
    def keys(self) -> list[str]:
        listed = self.server.client.list_objects_v2(Bucket=self.name)
        return [each["Key"] for each in listed.get("Contents", ())]

    @property
    def unfinished(self) -> list[str]:
        return self.server.unfinished(self.name)

    def parts_sent(self) -> list[int]:
        """The number of each part that a browser has sent, in the order they came."""
        return [int(call.query["partNumber"]) for call in self.faults.calls if is_part_of_page(call)]


def is_part_of_page(call: Call) -> bool:
    """Whether a page sends a part; the site and the engine are no pages."""
    return call.method == "PUT" and "partNumber" in call.query and "origin" in call.headers


@pytest.fixture(scope="module")
def bucket(s3_server: S3Server) -> Iterator[Bucket]:
    with faulty(s3_server) as faults:
        yield Bucket(s3_server, faults)


@pytest.fixture(scope="module")
def bucket_site(tmp_path_factory: pytest.TempPathFactory, bucket: Bucket) -> Iterator[Site]:
    server = bucket.faults.server
    settings = {
        "UPLOAD_TO": "bucket",
        "AWS_S3_ENDPOINT_URL": server.endpoint_url,
        "AWS_S3_REGION_NAME": server.region,
        "AWS_ACCESS_KEY_ID": server.key_id,
        "AWS_SECRET_ACCESS_KEY": server.secret,
        "AWS_PRIVATE_BUCKET_NAME": bucket.name,
    }
    site = start_site(tmp_path_factory.mktemp("bucket-site") / "data", **settings)
    let_pages_in(site, **settings)
    yield site
    site.stop()


@pytest.fixture(autouse=True)
def calm(bucket: Bucket) -> None:
    """Every test begins with a bucket that does what it is asked."""
    bucket.faults.rule = none
    bucket.faults.calls.clear()


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make_noisy_clip(tmp_path_factory.mktemp("noise") / "Snow.mp4")
    assert 2 * PART_BYTES < made.stat().st_size < 6 * PART_BYTES
    return made


@contextmanager
def visit(browser: Browser, site: Site, bucket: Bucket) -> Iterator[Visitor]:
    """The administrator, in a browser of their own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    visitor = Visitor(context, site, friends={urlsplit(bucket.faults.server.endpoint_url).netloc})
    sign_in(visitor)
    yield visitor
    context.close()


@pytest.fixture
def admin(browser: Browser, bucket_site: Site, bucket: Bucket) -> Iterator[Visitor]:
    """Fails when a page raised an error, broke the policy or called elsewhere."""
    with visit(browser, bucket_site, bucket) as visitor:
        yield visitor
    assert visitor.complaints == []


@pytest.fixture
def plagued(browser: Browser, bucket_site: Site, bucket: Bucket) -> Iterator[Visitor]:
    """One whose browser may complain: it notes every call that fails."""
    with visit(browser, bucket_site, bucket) as visitor:
        yield visitor


def test_file_goes_past_the_engine_and_plays(
    bucket_site: Site, bucket: Bucket, admin: Visitor, clip: Path
) -> None:
    page = admin.open("/upload/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    upload_page.slow_down(page, upload_megabits=60)
    upload_page.drop(page, clip)
    link = upload_page.share_link(page)
    watching = admin.open(urlsplit(link).path)
    upload_page.wait_for_line(page, "Ready")
    go_on_to_finished(watching)

    lines = upload_page.shown_lines(page)
    assert any(re.match(r"Uploading [1-9]\d? %", line) for line in lines), lines
    assert any(re.match(r"Processing [1-9]\d? %", line) for line in lines), lines
    assert bucket.parts_sent() == list(range(1, len(bucket.parts_sent()) + 1))
    assert [url for url in asked if url.startswith(bucket_site.engine_url)] == []
    assert_plays(watching)
    upload_page.wait_until_complete(page)
    assert_all_assets_and_nothing_else(bucket_site, bucket)
    original = next(key for key in bucket.keys if key.startswith(":original/"))
    stored = bucket.server.client.get_object(Bucket=bucket.name, Key=original)["Body"].read()
    assert stored == clip.read_bytes()


def test_s07_bucket_that_refuses_three_of_four_gets_every_part(
    bucket: Bucket, plagued: Visitor, clip: Path
) -> None:
    refusing = first(3, AWAY)
    bucket.faults.rule = lambda call: refusing(call) if is_part_of_page(call) else None
    page = plagued.open("/upload/")
    upload_page.drop(page, clip)

    upload_page.wait_for_line(page, "Ready")

    sent = bucket.parts_sent()
    assert {number: sent.count(number) for number in sent} == dict.fromkeys(set(sent), 4)


def test_upload_goes_on_after_the_page_was_closed(bucket: Bucket, plagued: Visitor, clip: Path) -> None:
    bucket.faults.rule = after_part(1)
    page = plagued.open("/upload/")
    upload_page.drop(page, clip)
    path = urlsplit(upload_page.share_link(page)).path
    page.wait_for_function(
        "start => document.querySelector('#tray .file .status').textContent.startsWith(start)",
        arg="No connection",
    )
    page.close()
    bucket.faults.rule = none
    bucket.faults.calls.clear()

    page = plagued.open(path)
    page.click("text=Choose its file again")
    upload_page.drop(page, clip)
    upload_page.wait_for_line(page, "Ready")

    assert bucket.parts_sent()[0] == 2
    assert urlsplit(upload_page.share_link(page)).path == path


def test_s08_cancelled_upload_leaves_nothing(bucket: Bucket, plagued: Visitor, clip: Path) -> None:
    before = bucket.keys
    bucket.faults.rule = after_part(1)
    page = plagued.open("/upload/")
    upload_page.drop(page, clip)
    path = urlsplit(upload_page.share_link(page)).path
    page.wait_for_function("() => document.querySelector('#tray progress').value > 0")
    assert len(bucket.unfinished) == 1

    page.click("#tray .file [data-do=cancel]")
    page.click("#confirm [data-role=yes]")
    page.wait_for_selector("#tray .file", state="detached")

    assert bucket.unfinished == []
    assert bucket.keys == before
    assert plagued.open(path).title().startswith("Not here")


def test_m05_file_that_is_no_video_fails_with_the_reason(
    bucket: Bucket, admin: Visitor, tmp_path: Path
) -> None:
    fake = tmp_path / "holiday.mp4"
    fake.write_bytes(b"Dear diary, today I was a video.\n" * 400)
    page = admin.open("/upload/")
    upload_page.drop(page, fake)

    page.wait_for_selector("#tray .file .status[data-state=bad]", timeout=120_000)

    assert page.inner_text("#tray .file .status").endswith("is not a video we can read.")


def test_pause_holds_the_bytes_and_resume_sends_the_rest(bucket: Bucket, admin: Visitor, clip: Path) -> None:
    page = admin.open("/upload/")
    upload_page.slow_down(page, upload_megabits=60)
    upload_page.drop(page, clip)
    page.wait_for_function("() => document.querySelector('#tray progress').value > 40")

    page.click("#tray .file [data-do=pause]")
    expect(page.locator("#tray .file .status")).to_contain_text("Paused at")
    page.click("#tray .file [data-do=resume]")
    upload_page.wait_for_line(page, "Ready")

    assert bucket.parts_sent().count(1) == 1


def after_part(last: int) -> Rule:
    """No part behind `last` gets through."""
    return lambda call: AWAY if is_part_of_page(call) and int(call.query["partNumber"]) > last else None


def assert_plays(page: Page) -> None:
    page.evaluate("void document.querySelector('video').play().catch(() => {})")
    page.wait_for_function("() => document.querySelector('video').currentTime > 0.5")
    assert page.evaluate("document.querySelector('video').videoWidth") == 1280


def assert_all_assets_and_nothing_else(site: Site, bucket: Bucket) -> None:
    folders = {key.split("/")[0] for key in bucket.keys}
    assert folders == {":original", "resized", "thumbnail", "watermarked", "storyboard", "hls"}
    assert bucket.unfinished == []
    assert site.files_in("tmp") == []
    assert site.files_in("uploads") == []
    assert site.files_in("bucket") == []
