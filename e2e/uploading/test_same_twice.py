"""What comes twice: the same file, and a button that is pressed in haste."""

from __future__ import annotations

from pathlib import Path

import pytest
from e2e.conftest import Visitor
from e2e.media.clips import run_ffmpeg
from e2e.pages import upload_page

INPUT = ".uppy-Dashboard-input >> nth=0"


@pytest.fixture
def short_clip(tmp_path: Path) -> Path:
    target = tmp_path / "Twice.mp4"
    run_ffmpeg(["-f", "lavfi", "-i", "testsrc2=s=320x180:r=10:d=1"], ["-pix_fmt", "yuv420p", str(target)])
    return target


def test_t22_same_file_twice_is_two_whole_videos(admin: Visitor, short_clip: Path) -> None:
    page = admin.open("/upload/")

    upload_page.drop(page, short_clip)
    page.set_input_files(INPUT, str(short_clip))

    ready = "() => [...document.querySelectorAll('#tray .file .status')].filter(" + (
        "line => line.textContent.trim().startsWith('Ready')).length === 2"
    )
    page.wait_for_function(ready, timeout=120_000)
    found = admin.context.request.get(f"{admin.site.url}/api/videos?q=Twice").json()
    assert [video["status"] for video in found["items"]] == ["ready", "ready"]
    assert len({video["id"] for video in found["items"]}) == 2


def test_t22_save_pressed_twice_keeps_one_video_with_what_was_written(
    admin: Visitor, short_clip: Path, tmp_path: Path
) -> None:
    page = admin.open("/upload/")
    upload_page.drop(page, short_clip.rename(tmp_path / "Pressed.mp4"))
    upload_page.share_link(page)
    page.fill("#details [name=title]", "Pressed in haste")

    page.dblclick("#details button[type=submit]")

    upload_page.wait_for_line(page, "Ready")
    found = admin.context.request.get(f"{admin.site.url}/api/videos?q=haste").json()
    assert [(video["title"], video["status"]) for video in found["items"]] == [("Pressed in haste", "ready")]
