"""Live previews, as players get them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

from cattube_worker.assemblies.model import PROBE
from cattube_worker.background.background import Background

from ..conftest import UPLOAD_ONLY, TestEngine, open_test_engine

MADE = b'#EXTM3U\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:0.5,\n0.m4s\n'
PLAYLIST = """#EXTM3U
#EXT-X-START:TIME-OFFSET=0
#EXT-X-MAP:URI="init.mp4"
#EXTINF:0.500000,
0.m4s
"""


def shown(engine: TestEngine, assembly: dict[str, Any], attempt: str = "job.1") -> Path:
    """The folder of a stream that people can watch, with one segment. attempt: the folder it lies in."""
    folder: Path = engine.settings.tmp_dir / assembly["assembly_id"] / attempt / "made-1.live"
    folder.mkdir(parents=True)
    for name, content in {"live.m3u8": MADE, "init.mp4": b"init", "0.m4s": b"segment"}.items():
        (folder / name).write_bytes(content)
    engine.parts.files.live_previews.publish(assembly["assembly_id"], folder)
    return folder


def stream_url(engine: TestEngine, assembly: dict[str, Any]) -> str:
    return str(engine.status(assembly)["growing_hls_url"])


def piece_urls(engine: TestEngine, assembly: dict[str, Any]) -> list[str]:
    """Addresses of the first part of all, and of the segment, as a player finds them in the playlist."""
    url = stream_url(engine, assembly)
    names = re.findall(r'^\w+\.m4s.*$|(?<=URI=")[^"]+', engine.get(url).text, re.M)
    return [urljoin(url, name) for name in names]


def signed(engine: TestEngine, path: str) -> str:
    """`path` with the permission of whoever has the account's secret."""
    return engine.parts.reports.signed_urls.signed(path)


@pytest.fixture
def assembly(engine: TestEngine) -> dict[str, Any]:
    return engine.assembly()


def test_a_growing_video_has_an_absolute_address_that_does_not_tell_the_assembly(
    engine: TestEngine, assembly: dict[str, Any]
) -> None:
    """A viewer who knew the assembly could cancel it."""
    before = engine.status(assembly)
    shown(engine, assembly)

    url = engine.status(assembly)["growing_hls_url"]

    assert "growing_hls_url" not in before
    assert url.startswith("http://localhost/streams/")
    assert assembly["assembly_id"] not in url
    # Players begin at the start, and not where it grows.
    assert re.sub(r'\?[^"\s]+', "", engine.get(url).text) == PLAYLIST


def test_the_playlist_is_never_kept_and_the_rest_is_asked_about(
    engine: TestEngine, assembly: dict[str, Any]
) -> None:
    shown(engine, assembly)
    urls = [stream_url(engine, assembly), *piece_urls(engine, assembly)]

    playlist, init, segment = map(engine.get, urls)

    assert playlist.mimetype == "application/vnd.apple.mpegurl"
    assert playlist.headers["Cache-Control"] == "no-store"
    assert (init.mimetype, segment.mimetype) == ("video/mp4", "video/iso.segment")
    assert set(segment.headers["Cache-Control"].split(", ")) == {"no-cache", "private"}
    assert engine.get(urls[-1], **{"If-None-Match": segment.headers["ETag"]}).status_code == 304


def test_pages_of_other_origins_may_read_it_and_browsers_do_not_guess(
    engine: TestEngine, assembly: dict[str, Any]
) -> None:
    """D02"""
    shown(engine, assembly)

    for url in (stream_url(engine, assembly), *piece_urls(engine, assembly)):
        headers = engine.get(url, Origin="https://site.example").headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in headers["Content-Security-Policy"]


def test_part_of_a_segment_and_its_size_can_be_asked_for(
    engine: TestEngine, assembly: dict[str, Any]
) -> None:
    """S05"""
    shown(engine, assembly)
    url = piece_urls(engine, assembly)[-1]

    part = engine.get(url, Range="bytes=1-2")

    assert (part.status_code, part.data) == (206, b"eg")
    with engine.client.head(url) as head:
        assert (head.status_code, head.headers["Content-Length"], head.data) == (200, "7", b"")
    assert engine.get(url, Range="bytes=9-").status_code == 416


def test_w68_pieces_that_are_joined_are_one_file_to_a_player(
    engine: TestEngine, assembly: dict[str, Any]
) -> None:
    folder = shown(engine, assembly)
    for number in range(4):
        (folder / f"{number}.m4s").write_bytes(b"piece %d," % number)
    folder_path = urlsplit(stream_url(engine, assembly)).path.rpartition("/")[0]
    url = signed(engine, f"{folder_path}/0-3.m4s")

    whole, part = engine.get(url), engine.get(url, Range="bytes=6-9")

    assert (whole.status_code, whole.mimetype) == (200, "video/iso.segment")
    assert whole.data == b"piece 0,piece 1,piece 2,piece 3,"
    assert (part.status_code, part.data) == (206, b"0,pi")
    assert engine.get(url, **{"If-None-Match": whole.headers["ETag"]}).status_code == 304
    (folder / "2.m4s").unlink()
    assert engine.get(url).status_code == 404


def joined_url(engine: TestEngine, assembly: dict[str, Any], folder: Path) -> str:
    """The address of a segment of four pieces."""
    for number in range(4):
        (folder / f"{number}.m4s").write_bytes(b"piece %d," % number)
    path = urlsplit(stream_url(engine, assembly)).path.rpartition("/")[0]
    return signed(engine, f"{path}/0-3.m4s")


def test_t87_joined_pieces_are_sent_by_the_front(tmp_path: Path) -> None:
    """Slow readers of them would hold threads of the engine, and each of them two seconds of video."""
    engine = open_test_engine(tmp_path, send_files="x-accel-redirect")
    assembly = engine.assembly()
    folder = shown(engine, assembly)
    url = joined_url(engine, assembly, folder)

    whole, part = engine.get(url), engine.get(url, Range="bytes=6-9")

    path = (folder / "0-3.m4s").relative_to(engine.settings.tmp_dir)
    assert whole.headers["X-Accel-Redirect"] == f"/.files/whole/tmp/{path}"
    assert part.headers["X-Accel-Redirect"] == f"/.files/part/tmp/{path}"
    assert (whole.data, whole.mimetype) == (b"", "video/iso.segment")
    assert (folder / "0-3.m4s").read_bytes() == b"piece 0,piece 1,piece 2,piece 3,"
    engine.close()


def test_d57_joined_pieces_are_sent_by_apache(tmp_path: Path) -> None:
    engine = open_test_engine(tmp_path, send_files="x-sendfile")
    assembly = engine.assembly()
    folder = shown(engine, assembly)

    whole = engine.get(joined_url(engine, assembly, folder))

    assert whole.headers["X-Sendfile"] == str(folder / "0-3.m4s")
    assert (whole.data, whole.mimetype) == (b"", "video/iso.segment")
    engine.close()


def test_t87_pieces_are_joined_once_and_again_when_there_are_others(
    engine: TestEngine, assembly: dict[str, Any]
) -> None:
    """An encode that begins anew writes pieces of the same names."""
    folder = shown(engine, assembly)
    url = joined_url(engine, assembly, folder)
    first = engine.get(url)
    before = (folder / "0-3.m4s").stat().st_ino, sorted(folder.iterdir())

    second = engine.get(url)
    after = (folder / "0-3.m4s").stat().st_ino, sorted(folder.iterdir())
    (folder / "2.m4s").write_bytes(b"another,")
    third = engine.get(url)

    assert (second.data, after) == (first.data, before)
    assert third.data == b"piece 0,piece 1,another,piece 3,"
    assert third.headers["ETag"] != second.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize(
    "path",
    [
        "{folder}/1.m4s", "{folder}/0-1.m4s", "{folder}/0-999999999.m4s", "{folder}/0-0.m4s",
        "{folder}/3-0.m4s", "{folder}/made-1", "{folder}/", "{folder}", "{folder}/..%2f..%2fmade-1",
        "{folder}/%2e%2e/made-1", "{folder}/../../made-1", "{folder}//etc/passwd",
        "{folder}/live.m3u8/0.m4s", "/streams/{zeros}/live.m3u8", "/streams/{assembly}/live.m3u8",
        "/streams/..%2ftmp/live.m3u8", "/streams/", "/streams/live.m3u8",
    ],
)  # fmt: skip
def test_t14_nothing_else_is_there(engine: TestEngine, assembly: dict[str, Any], path: str) -> None:
    made = shown(engine, assembly)
    (made.parent / "made-1").write_bytes(b"canary")
    folder = urlsplit(stream_url(engine, assembly)).path.rpartition("/")[0]
    url = path.format(folder=folder, zeros="0" * 32, assembly=assembly["assembly_id"])

    answer = engine.get(signed(engine, url))

    assert (answer.status_code, answer.get_json()["error"]) == (404, "SERVER_404")


def test_w58_stream_is_shown_to_nobody_without_a_permission_of_this_hour(
    engine: TestEngine, assembly: dict[str, Any]
) -> None:
    shown(engine, assembly)
    urls = [stream_url(engine, assembly), *piece_urls(engine, assembly)]
    bare = [url.partition("?")[0] for url in urls]
    exchanged = [f"{path}?{url.partition('?')[2]}" for path, url in zip(bare, reversed(urls), strict=True)]
    open_now = [engine.get(url).status_code for url in urls]
    refused = [engine.get(url).status_code for url in (*bare, exchanged[0], exchanged[2])]

    engine.clock.advance(2 * 3600)

    assert open_now == [200] * 3
    assert refused == [403] * 5
    assert [engine.get(url).status_code for url in urls] == [403] * 3


def test_w20_a_video_whose_assembly_is_cancelled_is_not_shown_a_moment_longer(
    engine: TestEngine, assembly: dict[str, Any]
) -> None:
    shown(engine, assembly)
    url = engine.status(assembly)["growing_hls_url"]

    status = engine.client.delete(f"/assemblies/{assembly['assembly_id']}").get_json()

    assert "growing_hls_url" not in status
    assert engine.get(url).status_code == 404


def test_an_ended_assembly_names_no_stream(engine: TestEngine) -> None:
    assembly = engine.assembly(steps=UPLOAD_ONLY)
    shown(engine, assembly)
    url = engine.status(assembly)["growing_hls_url"]
    engine.upload(assembly, b"meow")
    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert "growing_hls_url" not in engine.status(assembly)
    assert engine.get(url).status_code == 404
    assert list(engine.settings.streams_dir.iterdir()) == []


def test_once_only_work_is_left_that_may_take_its_time_the_finished_video_is_the_one_to_watch(
    engine: TestEngine,
) -> None:
    """A viewer who has begun to watch goes on to the end."""
    later = {"robot": "/file/filter", "use": ":original", "queue": "batch", "accepts": []}
    sooner = {"robot": "/file/filter", "use": ":original", "accepts": []}
    assembly = engine.assembly(steps={**UPLOAD_ONLY, "sooner": sooner, "later": later})
    engine.upload(assembly, b"meow")
    assert engine.runner(PROBE).run_once()
    shown(engine, assembly)
    url = engine.status(assembly)["growing_hls_url"]

    assert engine.runner().run_once()

    assert engine.status(assembly)["execution_phase"] == "improving"
    assert "growing_hls_url" not in engine.status(assembly)
    assert engine.get(url).status_code == 200


def test_links_go_with_their_assembly_although_its_files_stay(tmp_path: Path) -> None:
    engine = open_test_engine(tmp_path, delete_tmp_files="false")
    assembly = engine.assembly()
    folder = shown(engine, assembly)
    engine.client.delete(f"/assemblies/{assembly['assembly_id']}")
    engine.work()

    assert folder.exists()
    assert list(engine.settings.streams_dir.iterdir()) == []
    engine.close()


def test_f05_what_a_killed_engine_showed_of_an_upload_is_gone_with_the_next_start(tmp_path: Path) -> None:
    """No job asks for it any more. The output of a job is shown on."""
    killed = open_test_engine(tmp_path)
    arriving, made = killed.assembly(), killed.assembly()
    early, late = shown(killed, arriving, "early.1"), shown(killed, made)
    killed.close()

    engine = open_test_engine(tmp_path, clock=killed.clock)
    background = Background(engine.parts)
    background.start()
    background.stop()

    assert "growing_hls_url" not in engine.status(arriving)
    assert "growing_hls_url" in engine.status(made)
    assert [folder.exists() for folder in (early, late)] == [False, True]
    assert len(list(engine.settings.streams_dir.iterdir())) == 1
    engine.close()
