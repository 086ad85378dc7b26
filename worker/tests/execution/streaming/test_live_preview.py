"""Live previews of streaming encodes: the video is watched while the rest of it still uploads."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from cattube_worker.assemblies.model import PROBE
from cattube_worker.execution.streaming.growing_file import GrowingFile

from ...conftest import TestEngine, files_below, open_test_engine
from ...ffmpeg.conftest import ffmpeg
from ...server.conftest import wait_until
from .conftest import STEPS, encoding

pytestmark = [pytest.mark.ffmpeg, pytest.mark.usefixtures("small_uploads_too")]


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Ten seconds, its index first. So large that its first second is enough to probe it."""
    path = tmp_path_factory.mktemp("films") / "film.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=10,noise=alls=40:allf=t"]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-qp", "10", "-movflags", "+faststart"]
    ffmpeg(*picture, "-f", "lavfi", "-i", "sine=d=10", *coded, path)
    return path.read_bytes()


class WatchedUpload:
    """An upload that is encoded while it arrives, and most of which has arrived."""

    def __init__(self, engine: TestEngine, film: bytes) -> None:
        self.engine, self.film, self.here = engine, film, len(film) * 7 // 10
        self.assembly = engine.assembly(steps=STEPS)
        self.upload = engine.open_upload(self.assembly, len(film), filename="cat.mp4")
        assert engine.patch(self.upload, film[: self.here]).status_code == 204

    @property
    def status(self) -> dict[str, Any]:
        return self.engine.status(self.assembly)

    def finish(self) -> None:
        answer = self.engine.patch(self.upload, self.film[self.here :], self.here)
        assert answer.status_code == 204


@contextmanager
def watched_upload(
    engine: TestEngine, film: bytes, *, stall_seconds: int = 60
) -> Iterator[tuple[WatchedUpload, str]]:
    """The upload, and the address where it can be watched; waits for the encoder at the end."""
    upload = WatchedUpload(engine, film)
    with encoding(engine, stall_seconds=stall_seconds) as encoder:
        wait_until(lambda: "growing_hls_url" in upload.status or not encoder.is_alive())
        yield upload, upload.status["growing_hls_url"]


def watched(engine: TestEngine, url: str) -> bytes:
    """The bytes of a player that reads to the end of the playlist as it is now."""
    playlist = engine.get(url).get_data(as_text=True)
    names = re.findall(r'^#EXT-X-MAP:URI="(.+)"$|^([^#\s]+)$', playlist, re.MULTILINE)
    answers = [engine.get(f"{url.rpartition('/')[0]}/{init or segment}") for init, segment in names]
    assert {answer.status_code for answer in answers} == {200}
    return b"".join(answer.data for answer in answers)


def seconds_of(movie: bytes, folder: Path) -> float:
    """The duration of the frames that decode without an error."""
    path = folder / "watched.mp4"
    path.write_bytes(movie)
    command = ["ffmpeg", "-v", "error", "-xerror", "-nostdin", "-i", str(path), "-map", "0:v", "-map", "0:a"]
    said = subprocess.run(
        [*command, "-fps_mode", "passthrough", "-f", "null", "-progress", "pipe:1", "-nostats", "-"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert said.stderr == ""
    return int(re.findall(r"frame=(\d+)", said.stdout)[-1]) / 25


def links(engine: TestEngine) -> list[Path]:
    return list(engine.settings.streams_dir.iterdir())


def probe(engine: TestEngine) -> None:
    """Probe the whole upload, which starts its job."""
    assert engine.runner(PROBE).run_once()


def test_the_first_seconds_are_watched_while_the_rest_still_uploads(
    engine: TestEngine, film: bytes, tmp_path: Path
) -> None:
    with watched_upload(engine, film) as (upload, url):
        status = upload.status
        playlist = engine.get(url).get_data(as_text=True)
        seconds = seconds_of(watched(engine, url), tmp_path)
        upload.finish()

    assert status["ok"] == "ASSEMBLY_UPLOADING"
    assert "#EXT-X-PLAYLIST-TYPE:EVENT" in playlist
    assert "#EXT-X-ENDLIST" not in playlist
    assert 0.4 < seconds < 8
    assert seconds_of(watched(engine, url), tmp_path) == pytest.approx(10, abs=0.2)


def test_who_watches_goes_on_while_the_video_is_taken_over_and_stored(
    engine: TestEngine, film: bytes, tmp_path: Path
) -> None:
    with watched_upload(engine, film) as (upload, url):
        upload.finish()
    probe(engine)
    assert engine.runner().run_once()  # It takes what was made early.

    assert upload.status["ok"] == "ASSEMBLY_EXECUTING"
    assert upload.status["growing_hls_url"] == url
    assert seconds_of(watched(engine, url), tmp_path) == pytest.approx(10, abs=0.2)

    engine.work()
    assert upload.status["ok"] == "ASSEMBLY_COMPLETED"
    assert "growing_hls_url" not in upload.status
    assert engine.get(url).status_code == 404
    assert links(engine) == []
    assert files_below(engine.settings.tmp_dir) == []


def test_a_video_that_is_encoded_when_it_is_whole_grows_too(
    engine: TestEngine, film: bytes, tmp_path: Path
) -> None:
    assembly = engine.assembly(steps=STEPS)
    engine.upload(assembly, film, filename="cat.mp4")
    engine.streaming.take()
    probe(engine)
    before = engine.status(assembly)
    assert engine.runner().run_once()

    status = engine.status(assembly)
    assert "growing_hls_url" not in before
    assert seconds_of(watched(engine, status["growing_hls_url"]), tmp_path) == pytest.approx(10, abs=0.2)


@pytest.fixture(scope="session")
def large_film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Ten seconds, its index first, with room for a smaller picture."""
    path = tmp_path_factory.mktemp("films") / "film.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc2=s=1280x720:r=25:d=10"]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-movflags", "+faststart"]
    ffmpeg(*picture, "-f", "lavfi", "-i", "sine=d=10", *coded, path)
    return path.read_bytes()


@pytest.mark.parametrize("is_fast", [True, False])
def test_w99_only_on_a_line_that_is_faster_than_play_viewers_begin_with_the_quick_start(
    engine: TestEngine, large_film: bytes, monkeypatch: pytest.MonkeyPatch, is_fast: bool
) -> None:
    """W99: on a slower one they would wait for bytes all the same. The file is the same either way."""
    monkeypatch.setattr(GrowingFile, "seconds_left", lambda file: 9 if is_fast else 11)

    with watched_upload(engine, large_film) as (upload, url):
        playlist = engine.get(url).get_data(as_text=True)
        upload.finish()
    told = engine.get(url).get_data(as_text=True)
    probe(engine)
    assert engine.runner().run_once()

    names = [line.partition("?")[0] for line in playlist.splitlines() if not line.startswith("#")]
    seconds = [float(length) for length in re.findall(r"#EXTINF:([\d.]+)", told)]
    assert names[0] == ("q0.m4s" if is_fast else "0.m4s")
    assert told.endswith("#EXT-X-ENDLIST\n")
    assert sum(seconds) == pytest.approx(10, abs=0.2)
    engine.work()
    assert upload.status["ok"] == "ASSEMBLY_COMPLETED"
    assert files_below(engine.settings.tmp_dir) == []


def test_a_dead_upload_never_becomes_a_video(engine: TestEngine, film: bytes) -> None:
    """The live preview is gone, address and bytes."""
    with watched_upload(engine, film, stall_seconds=1) as (upload, url):
        pass

    assert upload.status["ok"] == "ASSEMBLY_UPLOADING"
    assert "growing_hls_url" not in upload.status
    assert engine.get(url).status_code == 404
    assert links(engine) == []
    assert files_below(engine.settings.tmp_dir) == []


@pytest.mark.parametrize("end", ["terminated", "cancelled", "stopped"])
def test_w20_an_end_from_outside_ends_the_show(engine: TestEngine, film: bytes, end: str) -> None:
    with watched_upload(engine, film) as (upload, url):
        if end == "terminated":
            assert engine.client.delete(upload.upload, headers=engine.tus).status_code == 204
        elif end == "cancelled":
            engine.client.delete(f"/assemblies/{upload.assembly['assembly_id']}")
            assert engine.get(url).status_code == 404
        else:
            engine.jobs.running.stop_all()

    assert "growing_hls_url" not in upload.status
    assert engine.get(url).status_code == 404
    assert links(engine) == []
    assert files_below(engine.settings.tmp_dir) == []


def test_when_an_upload_goes_on_the_second_attempt_takes_the_place_of_the_first(
    engine: TestEngine, film: bytes, tmp_path: Path
) -> None:
    with watched_upload(engine, film, stall_seconds=1) as (upload, url):
        pass
    assert engine.patch(upload.upload, film[upload.here : upload.here + 1], upload.here).status_code == 204
    upload.here += 1

    with encoding(engine) as encoder:
        wait_until(lambda: "growing_hls_url" in upload.status or not encoder.is_alive())
        again = upload.status["growing_hls_url"]
        upload.finish()

    assert again == url
    assert seconds_of(watched(engine, url), tmp_path) == pytest.approx(10, abs=0.2)
    assert len(links(engine)) == 1


def test_early_bytes_that_lied_are_not_shown_any_longer(
    engine: TestEngine, film: bytes, tmp_path: Path
) -> None:
    """The bytes that were sent at first are replaced by the final ones, for all viewers."""
    other = film[: len(film) - 100] + bytes(100)
    with watched_upload(engine, other) as (upload, url):
        upload.finish()
    path = engine.uploads.files.path(upload.upload.rpartition("/")[2])
    path.write_bytes(film)
    lied = watched(engine, url)
    probe(engine)
    assert engine.runner().run_once()

    assert upload.status["growing_hls_url"] == url
    assert watched(engine, url) != lied
    assert seconds_of(watched(engine, url), tmp_path) == pytest.approx(10, abs=0.2)
    (folder,) = {link.readlink().parent.parent.name for link in links(engine)}
    assert not folder.startswith("early.")
    assert not list(engine.settings.tmp_dir.glob("*/early.*"))


def test_a_job_that_fails_shows_nothing(tmp_path: Path, film: bytes) -> None:
    """M11"""
    engine = open_test_engine(tmp_path, max_output_bytes=60_000)
    assembly = engine.assembly(steps=STEPS)
    engine.upload(assembly, film, filename="cat.mp4")
    engine.streaming.take()
    probe(engine)

    assert engine.runner().run_once()

    status = engine.status(assembly)
    assert status["error"] == "INVALID_INPUT_ERROR"
    assert "growing_hls_url" not in status
    assert links(engine) == []
    engine.close()


def test_an_upload_that_never_comes_back_leaves_no_address(engine: TestEngine, film: bytes) -> None:
    """T08"""
    with watched_upload(engine, film) as (upload, url):
        engine.clock.advance(25 * 3600)
        engine.parts.work.expiry.expire_uploads()
        engine.client.delete(upload.upload, headers=engine.tus)
        assert "growing_hls_url" not in upload.status
    engine.work()

    assert upload.status["error"] == "ASSEMBLY_EXPIRED"
    later = engine.parts.reports.signed_urls.signed(urlsplit(url).path)
    assert [engine.get(address).status_code for address in (url, later)] == [403, 404]
    assert links(engine) == []
