"""Bad input gets a clear error, with the way on, in the browser."""

from __future__ import annotations

from pathlib import Path

from e2e.conftest import Visitor
from e2e.pages import upload_page
from e2e.site import Site


def test_m05_text_named_mp4_fails_with_a_reason_and_can_be_deleted(
    site: Site, admin: Visitor, tmp_path: Path
) -> None:
    fake = tmp_path / "holiday.mp4"
    fake.write_bytes(b"Dear diary, today I was a video.\n" * 400)
    page = admin.open("/upload/")

    upload_page.drop(page, fake)
    page.wait_for_selector("#tray .file .status[data-state=bad]", timeout=120_000)

    assert "not a video" in page.inner_text("#tray .file .status").lower()
    page.click("#tray .file [data-do=delete]")
    if page.is_visible("#confirm"):
        page.click("#confirm [data-role=yes]")
    page.wait_for_selector("#tray .file", state="detached")
    assert [key for key in site.files_in("bucket") if "holiday" in key] == []


def test_t20_empty_file_is_refused_before_a_record_is_made(
    site: Site, admin: Visitor, tmp_path: Path
) -> None:
    empty = tmp_path / "nothing.mp4"
    empty.write_bytes(b"")
    page = admin.open("/upload/")

    upload_page.drop(page, empty)
    page.wait_for_selector("#tray .file .status[data-state=bad]", timeout=120_000)

    assert page.inner_text("#tray .file .status") == "Not uploaded: the file is empty"
    assert "nothing" not in admin.open("/").inner_text("main")


def test_failed_video_says_so_on_its_page_and_offers_a_retry(
    site: Site, admin: Visitor, tmp_path: Path
) -> None:
    fake = tmp_path / "notes.mp4"
    fake.write_bytes(b"not a video at all\n" * 1000)
    page = admin.open("/upload/")
    upload_page.drop(page, fake)
    link = upload_page.share_link(page)
    page.wait_for_selector("#tray .file .status[data-state=bad]", timeout=120_000)

    watching = admin.open(link.removeprefix(site.url))

    assert "video" in watching.inner_text(".player__state")
    assert watching.is_visible(".player__state a:has-text('Choose another file')")
    assert watching.is_visible(".player__state button:has-text('Delete')")
