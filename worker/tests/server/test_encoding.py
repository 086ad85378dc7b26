"""A real video under a real server that is killed, stopped or told to cancel while ffmpeg runs."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ..conftest import files_below
from ..programs import programs_below
from .conftest import Server, start, wait_until

pytestmark = pytest.mark.ffmpeg


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Long enough to be caught in the middle."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc2=s=1280x720:r=30:d=12", "-f", "lavfi", "-i", "sine=d=12"]
    command = ["ffmpeg", "-v", "error", "-nostdin", *picture, "-c:v", "libx264", "-preset", "ultrafast"]
    subprocess.run([*command, str(path)], check=True)
    return path.read_bytes()


def start_encoding(server: Server, clip: bytes) -> dict[str, Any]:
    """An assembly in the middle of its video."""
    assembly = server.assembly(steps=None, template_id="cattube")
    assert server.patch(server.open_upload(assembly, len(clip)), clip) == 204
    path = f"/assemblies/{assembly['assembly_id']}"
    wait_until(lambda: server.get(path).get("progress_combined", 0) > 5)
    return assembly


def encoders(folder: Path) -> list[str]:
    """The encoders that work below a folder."""
    return [arguments for arguments in programs_below(folder) if "ffmpeg" in arguments]


def test_w55_no_command_line_tells_the_id_of_an_assembly(tmp_path: Path, clip: bytes) -> None:
    server = start(tmp_path)
    assembly = start_encoding(server, clip)

    seen = encoders(tmp_path)

    assert seen
    assert not [arguments for arguments in seen if assembly["assembly_id"] in arguments]


def test_video_of_a_killed_server_is_encoded_by_the_next_and_nothing_is_left(
    tmp_path: Path, clip: bytes
) -> None:
    """F05, I2, I6"""
    server = start(tmp_path, JOB_LEASE_SECONDS="2")
    assembly = start_encoding(server, clip)
    assert encoders(tmp_path)

    server.stop(signal.SIGKILL)
    wait_until(lambda: not encoders(tmp_path))
    again = start(tmp_path, port=server.port, JOB_LEASE_SECONDS="2")

    assert again.wait_for_end(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    stored = files_below(tmp_path / "bucket")
    assert len([key for key in stored if not key.startswith("hls/")]) == 5
    wait_until(lambda: not list((tmp_path / "tmp").iterdir()) and not list((tmp_path / "uploads").iterdir()))
    again.stop()


def test_stopped_server_takes_its_encoder_along_and_the_next_goes_on_at_once(
    tmp_path: Path, clip: bytes
) -> None:
    """F22"""
    server = start(tmp_path)
    assembly = start_encoding(server, clip)

    assert server.stop() == 0
    assert encoders(tmp_path) == []
    again = start(tmp_path, port=server.port)

    path = f"/assemblies/{assembly['assembly_id']}"
    wait_until(lambda: again.get(path)["running_jobs"])
    again.stop()


def test_cancel_ends_the_encoder_and_leaves_nothing(tmp_path: Path, clip: bytes) -> None:
    """W20"""
    server = start(tmp_path)
    assembly = start_encoding(server, clip)

    assert server.tus("DELETE", f"/assemblies/{assembly['assembly_id']}")[0] == 200

    wait_until(lambda: not encoders(tmp_path))
    wait_until(lambda: not list((tmp_path / "tmp").iterdir()) and not list((tmp_path / "uploads").iterdir()))
    assert server.get(f"/assemblies/{assembly['assembly_id']}")["ok"] == "ASSEMBLY_CANCELED"
    assert files_below(tmp_path / "bucket") == []
    server.stop()
