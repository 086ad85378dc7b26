"""What players of a growing video are given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cattube_worker.assemblies.model import LOOKS
from cattube_worker.background import Background
from cattube_worker.execution.runner import JobRunner

from ..conftest import UPLOAD_ONLY, House, open_house

MADE = b"#EXTM3U\n#EXTINF:2.0,\n0.m4s\n"
PLAYLIST = b"#EXTM3U\n#EXT-X-START:TIME-OFFSET=0\n#EXTINF:2.0,\n0.m4s\n"


def shown(house: House, assembly: dict[str, Any], attempt: str = "job.1") -> Path:
    """The folder of a stream that people can watch, with one segment. attempt: the folder it lies in."""
    folder: Path = house.engine.settings.tmp_dir / assembly["assembly_id"] / attempt / "made-1.live"
    folder.mkdir(parents=True)
    for name, content in {"live.m3u8": MADE, "init.mp4": b"init", "0.m4s": b"segment"}.items():
        (folder / name).write_bytes(content)
    house.engine.growing.publish(assembly["assembly_id"], folder)
    return folder


def address(house: House, assembly: dict[str, Any]) -> str:
    """The address of the stream without the name of a file."""
    return str(house.status(assembly)["growing_hls_url"]).rpartition("/")[0]


@pytest.fixture
def assembly(house: House) -> dict[str, Any]:
    return house.assembly()


def test_a_growing_video_has_an_absolute_address_that_does_not_tell_the_assembly(
    house: House, assembly: dict[str, Any]
) -> None:
    """Whoever knows an assembly can cancel it."""
    before = house.status(assembly)
    shown(house, assembly)

    url = house.status(assembly)["growing_hls_url"]

    assert "growing_hls_url" not in before
    assert url.startswith("http://localhost/streams/")
    assert assembly["assembly_id"] not in url
    # Players begin at the start, and not where it grows.
    assert house.get(url).data == PLAYLIST


def test_the_playlist_is_never_kept_and_the_rest_is_asked_about(
    house: House, assembly: dict[str, Any]
) -> None:
    shown(house, assembly)
    base = address(house, assembly)

    playlist, init, segment = (house.get(f"{base}/{name}") for name in ("live.m3u8", "init.mp4", "0.m4s"))

    assert playlist.mimetype == "application/vnd.apple.mpegurl"
    assert playlist.headers["Cache-Control"] == "no-store"
    assert (init.mimetype, segment.mimetype) == ("video/mp4", "video/iso.segment")
    assert set(segment.headers["Cache-Control"].split(", ")) == {"no-cache", "private"}
    assert house.get(f"{base}/0.m4s", **{"If-None-Match": segment.headers["ETag"]}).status_code == 304


def test_pages_of_other_origins_may_read_it_and_browsers_do_not_guess(
    house: House, assembly: dict[str, Any]
) -> None:
    """D02"""
    shown(house, assembly)
    base = address(house, assembly)

    for name in ("live.m3u8", "init.mp4", "0.m4s"):
        headers = house.get(f"{base}/{name}", Origin="https://site.example").headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in headers["Content-Security-Policy"]


def test_part_of_a_segment_and_its_size_can_be_asked_for(house: House, assembly: dict[str, Any]) -> None:
    """S05"""
    shown(house, assembly)
    url = f"{address(house, assembly)}/0.m4s"

    part = house.get(url, Range="bytes=1-2")

    assert (part.status_code, part.data) == (206, b"eg")
    with house.client.head(url) as head:
        assert (head.status_code, head.headers["Content-Length"], head.data) == (200, "7", b"")
    assert house.get(url, Range="bytes=9-").status_code == 416


@pytest.mark.parametrize(
    "path",
    [
        "{base}/1.m4s", "{base}/made-1", "{base}/", "{base}", "{base}/..%2f..%2fmade-1",
        "{base}/%2e%2e/made-1", "{base}/../../made-1", "{base}//etc/passwd", "{base}/live.m3u8/0.m4s",
        "/streams/{zeros}/live.m3u8",
        "/streams/{assembly}/live.m3u8", "/streams/..%2ftmp/live.m3u8", "/streams/", "/streams/live.m3u8",
    ],
)  # fmt: skip
def test_t14_nothing_else_is_there(house: House, assembly: dict[str, Any], path: str) -> None:
    folder = shown(house, assembly)
    (folder.parent / "made-1").write_bytes(b"canary")
    base = address(house, assembly).removeprefix("http://localhost")
    url = path.format(base=base, zeros="0" * 32, assembly=assembly["assembly_id"])

    answer = house.get(url)

    assert (answer.status_code, answer.get_json()["error"]) == (404, "SERVER_404")


def test_w20_a_video_whose_assembly_is_cancelled_is_not_shown_a_moment_longer(
    house: House, assembly: dict[str, Any]
) -> None:
    shown(house, assembly)
    url = house.status(assembly)["growing_hls_url"]

    status = house.client.delete(f"/assemblies/{assembly['assembly_id']}").get_json()

    assert "growing_hls_url" not in status
    assert house.get(url).status_code == 404


def test_an_ended_assembly_names_no_stream(house: House) -> None:
    assembly = house.assembly(steps=UPLOAD_ONLY)
    shown(house, assembly)
    url = house.status(assembly)["growing_hls_url"]
    house.upload(assembly, b"meow")
    house.work()

    assert house.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert "growing_hls_url" not in house.status(assembly)
    assert house.get(url).status_code == 404
    assert list(house.engine.settings.streams_dir.iterdir()) == []


def test_once_only_work_is_left_that_may_take_its_time_the_finished_video_is_the_one_to_watch(
    house: House,
) -> None:
    """Who watches what grew goes on to its end."""
    later = {"robot": "/file/filter", "use": ":original", "queue": "batch", "accepts": []}
    sooner = {"robot": "/file/filter", "use": ":original", "accepts": []}
    assembly = house.assembly(steps={**UPLOAD_ONLY, "sooner": sooner, "later": later})
    house.upload(assembly, b"meow")
    assert JobRunner(house.engine, queue=LOOKS).run_once()
    shown(house, assembly)
    url = house.status(assembly)["growing_hls_url"]

    assert JobRunner(house.engine).run_once()

    assert house.status(assembly)["execution_phase"] == "improving"
    assert "growing_hls_url" not in house.status(assembly)
    assert house.get(url).status_code == 200


def test_links_go_with_their_assembly_although_its_files_stay(tmp_path: Path) -> None:
    house = open_house(tmp_path, delete_tmp_files="false")
    assembly = house.assembly()
    folder = shown(house, assembly)
    house.client.delete(f"/assemblies/{assembly['assembly_id']}")
    house.work()

    assert folder.exists()
    assert list(house.engine.settings.streams_dir.iterdir()) == []
    house.engine.database.close()


def test_f05_what_a_killed_engine_showed_of_an_upload_is_gone_with_the_next_start(tmp_path: Path) -> None:
    """Nobody asks for it any more. What a job has made is shown on."""
    killed = open_house(tmp_path)
    arriving, made = killed.assembly(), killed.assembly()
    early, late = shown(killed, arriving, "early.1"), shown(killed, made)
    killed.engine.database.close()

    house = open_house(tmp_path, clock=killed.clock)
    background = Background(house.engine)
    background.start()
    background.stop()

    assert "growing_hls_url" not in house.status(arriving)
    assert "growing_hls_url" in house.status(made)
    assert [folder.exists() for folder in (early, late)] == [False, True]
    assert len(list(house.engine.settings.streams_dir.iterdir())) == 1
    house.engine.database.close()
