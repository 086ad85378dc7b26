"""People watch what of an upload has been encoded, while the rest of it is still on its way."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.assemblies.model import LOOKS
from cattube_worker.execution import cleanup
from cattube_worker.execution.runner import JobRunner

from ...conftest import House, files_below, open_house
from ...ffmpeg.conftest import ffmpeg
from ...server.conftest import wait_until
from .conftest import STEPS, encoding

pytestmark = [pytest.mark.ffmpeg, pytest.mark.usefixtures("small_uploads_too")]


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Ten seconds, its index first. It is so large that its first second tells what it is."""
    path = tmp_path_factory.mktemp("films") / "film.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=10,noise=alls=40:allf=t"]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-qp", "10", "-movflags", "+faststart"]
    ffmpeg(*picture, "-f", "lavfi", "-i", "sine=d=10", *coded, path)
    return path.read_bytes()


class Showing:
    """An upload that is being encoded while it arrives, most of which is here."""

    def __init__(self, house: House, film: bytes) -> None:
        self.house, self.film, self.here = house, film, len(film) * 7 // 10
        self.assembly = house.assembly(steps=STEPS)
        self.upload = house.open_upload(self.assembly, len(film), filename="cat.mp4")
        assert house.patch(self.upload, film[: self.here]).status_code == 204

    @property
    def status(self) -> dict[str, Any]:
        return self.house.status(self.assembly)

    def finish(self) -> None:
        answer = self.house.patch(self.upload, self.film[self.here :], self.here)
        assert answer.status_code == 204


@contextmanager
def showing(house: House, film: bytes, *, stall_seconds: int = 60) -> Iterator[tuple[Showing, str]]:
    """The upload, and the address where it can be watched; waits for the encoder at the end."""
    upload = Showing(house, film)
    with encoding(house, stall_seconds=stall_seconds) as encoder:
        wait_until(lambda: "growing_hls_url" in upload.status or not encoder.is_alive())
        yield upload, upload.status["growing_hls_url"]


def watched(house: House, url: str) -> bytes:
    """What a player has got that reads to the end of the playlist as it is now."""
    playlist = house.get(url).get_data(as_text=True)
    names = re.findall(r'^#EXT-X-MAP:URI="(.+)"$|^([^#\s]+)$', playlist, re.MULTILINE)
    answers = [house.get(f"{url.rpartition('/')[0]}/{init or segment}") for init, segment in names]
    assert {answer.status_code for answer in answers} == {200}
    return b"".join(answer.data for answer in answers)


def seconds_of(movie: bytes, folder: Path) -> float:
    """How long the pictures last that decode without a complaint."""
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


def links(house: House) -> list[Path]:
    return list(house.engine.settings.streams_dir.iterdir())


def look(house: House) -> None:
    """Have the whole upload be looked at, which starts its job."""
    assert JobRunner(house.engine, queue=LOOKS).run_once()


def test_the_first_seconds_are_watched_while_the_rest_still_uploads(
    house: House, film: bytes, tmp_path: Path
) -> None:
    with showing(house, film) as (upload, url):
        status = upload.status
        playlist = house.get(url).get_data(as_text=True)
        seconds = seconds_of(watched(house, url), tmp_path)
        upload.finish()

    assert status["ok"] == "ASSEMBLY_UPLOADING"
    assert "#EXT-X-PLAYLIST-TYPE:EVENT" in playlist
    assert "#EXT-X-ENDLIST" not in playlist
    assert 1.9 < seconds < 8
    assert seconds_of(watched(house, url), tmp_path) == pytest.approx(10, abs=0.2)


def test_who_watches_goes_on_while_the_video_is_taken_over_and_stored(
    house: House, film: bytes, tmp_path: Path
) -> None:
    with showing(house, film) as (upload, url):
        upload.finish()
    look(house)
    assert JobRunner(house.engine).run_once()  # It takes what was made early.

    assert upload.status["ok"] == "ASSEMBLY_EXECUTING"
    assert upload.status["growing_hls_url"] == url
    assert seconds_of(watched(house, url), tmp_path) == pytest.approx(10, abs=0.2)

    house.work()
    assert upload.status["ok"] == "ASSEMBLY_COMPLETED"
    assert "growing_hls_url" not in upload.status
    assert house.get(url).status_code == 404
    assert links(house) == []
    assert files_below(house.engine.settings.tmp_dir) == []


def test_a_video_that_is_encoded_when_it_is_whole_grows_too(
    house: House, film: bytes, tmp_path: Path
) -> None:
    assembly = house.assembly(steps=STEPS)
    house.upload(assembly, film, filename="cat.mp4")
    house.engine.early.take()
    look(house)
    before = house.status(assembly)
    assert JobRunner(house.engine).run_once()

    status = house.status(assembly)
    assert "growing_hls_url" not in before
    assert seconds_of(watched(house, status["growing_hls_url"]), tmp_path) == pytest.approx(10, abs=0.2)


def test_a_dead_upload_never_becomes_a_video(house: House, film: bytes) -> None:
    """What was to be seen of it is gone, address and bytes."""
    with showing(house, film, stall_seconds=1) as (upload, url):
        pass

    assert upload.status["ok"] == "ASSEMBLY_UPLOADING"
    assert "growing_hls_url" not in upload.status
    assert house.get(url).status_code == 404
    assert links(house) == []
    assert files_below(house.engine.settings.tmp_dir) == []


@pytest.mark.parametrize("end", ["terminated", "cancelled", "stopped"])
def test_w20_an_end_from_outside_ends_the_show(house: House, film: bytes, end: str) -> None:
    with showing(house, film) as (upload, url):
        if end == "terminated":
            assert house.client.delete(upload.upload, headers=house.tus).status_code == 204
        elif end == "cancelled":
            house.client.delete(f"/assemblies/{upload.assembly['assembly_id']}")
            assert house.get(url).status_code == 404
        else:
            house.engine.running.stop_all()

    assert "growing_hls_url" not in upload.status
    assert house.get(url).status_code == 404
    assert links(house) == []
    assert files_below(house.engine.settings.tmp_dir) == []


def test_when_an_upload_goes_on_the_second_attempt_takes_the_place_of_the_first(
    house: House, film: bytes, tmp_path: Path
) -> None:
    with showing(house, film, stall_seconds=1) as (upload, url):
        pass
    assert house.patch(upload.upload, film[upload.here : upload.here + 1], upload.here).status_code == 204
    upload.here += 1

    with encoding(house) as encoder:
        wait_until(lambda: "growing_hls_url" in upload.status or not encoder.is_alive())
        again = upload.status["growing_hls_url"]
        upload.finish()

    assert again == url
    assert seconds_of(watched(house, url), tmp_path) == pytest.approx(10, abs=0.2)
    assert len(links(house)) == 1


def test_early_bytes_that_lied_are_not_shown_any_longer(house: House, film: bytes, tmp_path: Path) -> None:
    """What was sent at first is replaced by what was sent in the end, for everybody who watches."""
    other = film[: len(film) - 100] + bytes(100)
    with showing(house, other) as (upload, url):
        upload.finish()
    path = house.engine.upload_files.path(upload.upload.rpartition("/")[2])
    path.write_bytes(film)
    lied = watched(house, url)
    look(house)
    assert JobRunner(house.engine).run_once()

    assert upload.status["growing_hls_url"] == url
    assert watched(house, url) != lied
    assert seconds_of(watched(house, url), tmp_path) == pytest.approx(10, abs=0.2)
    (folder,) = {each.readlink().parent.parent.name for each in links(house)}
    assert not folder.startswith("early.")
    assert not list(house.engine.settings.tmp_dir.glob("*/early.*"))


def test_a_job_that_fails_shows_nothing(tmp_path: Path, film: bytes) -> None:
    """M11"""
    house = open_house(tmp_path, max_output_bytes=60_000)
    assembly = house.assembly(steps=STEPS)
    house.upload(assembly, film, filename="cat.mp4")
    house.engine.early.take()
    look(house)

    assert JobRunner(house.engine).run_once()

    status = house.status(assembly)
    assert status["error"] == "INVALID_INPUT_ERROR"
    assert "growing_hls_url" not in status
    assert links(house) == []
    house.engine.database.close()


def test_an_upload_that_never_comes_back_leaves_no_address(house: House, film: bytes) -> None:
    """T08"""
    with showing(house, film) as (upload, url):
        house.clock.advance(25 * 3600)
        cleanup.expire_uploads(house.engine)
        house.client.delete(upload.upload, headers=house.tus)
        assert "growing_hls_url" not in upload.status
    house.work()

    assert upload.status["error"] == "ASSEMBLY_EXPIRED"
    assert house.get(url).status_code == 404
    assert links(house) == []
