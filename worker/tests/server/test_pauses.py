"""Batch work under a real server: it stands still while more urgent work is done, whatever happens then."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from servers.speech import MODEL

from cattube_worker.assemblies.model import BATCH, Job
from cattube_worker.assembly_folders import folder_name
from cattube_worker.database import Database

from ..conftest import UPLOAD_ONLY
from ..databases import database_url
from ..talk import TRANSCRIPTION, minutes_of_talk
from .conftest import Server, answer_on, start, wait_until

pytestmark = pytest.mark.ffmpeg

# A video that is watched at once, and another rendition when there is time for it.
FIRST = {"robot": "/video/encode", "use": ":original", "preset": "hls/360p", "width": 320, "height": 180}
LATER = {**FIRST, "preset": "dash/360p-video", "queue": "batch", "ffmpeg": {"preset": "ultrafast"}}
STEPS = {**UPLOAD_ONLY, "first": FIRST, "later": LATER}
# To be caught in the middle.
SLOW = {**STEPS, "later": {**LATER, "ffmpeg": {"preset": "slower"}}}
SECONDS = 24


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Large enough to be encoded while it arrives, which its index at the front allows."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    picture = ["-f", "lavfi", "-i", f"testsrc2=s=320x180:r=25:d={SECONDS},noise=alls=10:allf=t"]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-movflags", "+faststart"]
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", *picture, *coded, str(path)], check=True)
    return path.read_bytes()


@dataclass
class Ladder:
    """An assembly in the middle of its batch work."""

    server: Server
    assembly: dict[str, Any]

    @property
    def states(self) -> set[str]:
        """The states of its encoders, and of what fences them in."""
        return encoder_states(self.server.data, self.assembly["assembly_id"])

    def wait_until_stopped(self) -> None:
        wait_until(lambda: self.states == {"T"})

    def status(self) -> dict[str, Any]:
        return dict(self.server.get(f"/assemblies/{self.assembly['assembly_id']}"))


def encoder_states(data: Path, assembly_id: str) -> set[str]:
    """The states of the programs that work below the folder of an assembly."""
    states = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (process / "cmdline").read_bytes().split(b"\0")
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        folder = str(data / "tmp" / folder_name(assembly_id)).encode()
        if any(folder in argument for argument in arguments):
            states.add(state)
    return states


def start_ladder(server: Server, clip: bytes) -> Ladder:
    assembly = server.assembly(steps=SLOW)
    assert server.patch(server.open_upload(assembly, len(clip), filename="cat.mp4"), clip) == 204
    ladder = Ladder(server, assembly)
    wait_until(lambda: ladder.status()["execution_phase"] == "improving" and ladder.states)
    return ladder


@contextmanager
def followed_upload(server: Server, clip: bytes) -> Iterator[tuple[dict[str, Any], socket.socket]]:
    """An assembly half of whose file has come, and the connection for the rest."""
    assembly = server.assembly(steps=STEPS)
    upload = server.open_upload(assembly, len(clip), filename="dog.mp4")
    half = clip[: len(clip) // 2]
    with server.begin_patch(upload, offset=0, length=len(clip), body=half) as connection:
        yield assembly, connection


def lease_until(data: Path) -> float:
    """Until when the one batch job that runs is claimed."""
    database = Database(database_url(data) or f"sqlite:///{data / 'worker.sqlite3'}")
    with database.read() as session:
        job = session.query(Job).filter_by(queue=BATCH, state="running").one()
    database.close()
    assert job.lease_until is not None
    return float(job.lease_until)


def duration(status: dict[str, Any], step: str) -> float:
    return float(status["results"][step][0]["meta"]["duration"])


def test_f80_ladder_stands_still_while_an_upload_is_followed_and_is_whole_afterwards(
    tmp_path: Path, clip: bytes
) -> None:
    server = start(tmp_path, JOB_LEASE_SECONDS="2")
    ladder = start_ladder(server, clip)

    with followed_upload(server, clip) as (other, connection):
        ladder.wait_until_stopped()
        since = lease_until(tmp_path)
        wait_until(lambda: lease_until(tmp_path) > since + 3)  # longer than a lease lasts
        assert ladder.states == {"T"}
        connection.sendall(clip[len(clip) // 2 :])
        assert answer_on(connection).status == 204

    statuses = [server.wait_for_end(assembly) for assembly in (ladder.assembly, other)]
    assert [status["ok"] for status in statuses] == ["ASSEMBLY_COMPLETED"] * 2
    assert [duration(status, step) for status in statuses for step in ("first", "later")] == pytest.approx(
        [SECONDS] * 4, abs=0.2
    )
    server.stop()


def test_f82_ladder_that_stands_still_is_canceled_at_once(tmp_path: Path, clip: bytes) -> None:
    server = start(tmp_path)
    ladder = start_ladder(server, clip)

    with followed_upload(server, clip):
        ladder.wait_until_stopped()
        assert server.tus("DELETE", f"/assemblies/{ladder.assembly['assembly_id']}")[0] == 200

        wait_until(lambda: not ladder.states)
        wait_until(lambda: not (tmp_path / "tmp" / folder_name(ladder.assembly["assembly_id"])).exists())
        assert ladder.status()["ok"] == "ASSEMBLY_CANCELED"
    server.stop()


@pytest.mark.parametrize(
    "number", [pytest.param(signal.SIGTERM, id="stopped"), pytest.param(signal.SIGKILL, id="killed")]
)
def test_ladder_that_stands_still_goes_with_its_server_and_is_made_by_the_next(
    tmp_path: Path, clip: bytes, number: int
) -> None:
    """F82, F83"""
    server = start(tmp_path, JOB_LEASE_SECONDS="2")
    ladder = start_ladder(server, clip)
    with followed_upload(server, clip):
        ladder.wait_until_stopped()

        server.stop(number)

        wait_until(lambda: not ladder.states)

    again = start(tmp_path, port=server.port, JOB_LEASE_SECONDS="2")
    status = again.wait_for_end(ladder.assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert duration(status, "later") == pytest.approx(SECONDS, abs=0.2)
    again.stop()


def test_f84_upload_that_never_ends_does_not_hold_a_ladder_for_ever(tmp_path: Path, clip: bytes) -> None:
    server = start(tmp_path, BATCH_STARVES_SECONDS="1")

    with followed_upload(server, clip) as (endless, _):
        wait_until(lambda: encoder_states(tmp_path, endless["assembly_id"]))
        assembly = server.assembly(steps=STEPS)
        assert server.patch(server.open_upload(assembly, len(clip), filename="cat.mp4"), clip) == 204

        status = server.wait_for_end(assembly)

        assert status["ok"] == "ASSEMBLY_COMPLETED"
        assert duration(status, "later") == pytest.approx(SECONDS, abs=0.2)
        assert server.get(f"/assemblies/{endless['assembly_id']}")["ok"] == "ASSEMBLY_UPLOADING"
    server.stop()


def test_m102_ladder_is_made_while_a_transcription_is_under_way(tmp_path: Path, clip: bytes) -> None:
    """M102: the transcription of another video stands still meanwhile, and goes on afterwards."""
    server, talk = start(tmp_path / "data", CAPTIONS_MODEL=str(MODEL)), minutes_of_talk(tmp_path)
    transcription = server.assembly(steps=TRANSCRIPTION)
    assert server.patch(server.open_upload(transcription, len(talk), filename="talk.m4a"), talk) == 204

    def states() -> set[str]:
        return encoder_states(server.data, transcription["assembly_id"])

    wait_until(states)
    ladder = start_ladder(server, clip)
    wait_until(lambda: states() == {"T"})
    made = server.wait_for_end(ladder.assembly)
    wait_until(lambda: states() - {"T"})

    assert made["ok"] == "ASSEMBLY_COMPLETED"
    assert server.get(f"/assemblies/{transcription['assembly_id']}")["ok"] == "ASSEMBLY_EXECUTING"
    server.stop()
