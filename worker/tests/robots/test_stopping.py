"""Robots that work without ffmpeg end as soon as they are to stop."""

from __future__ import annotations

import gzip
import threading
from pathlib import Path

import pytest

from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.run import Stopped
from cattube_worker.media.process.tools import Tools
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.file_compress import FileCompress
from cattube_worker.robots.file_decompress.robot import FileDecompress
from cattube_worker.robots.file_hash import FileHash
from cattube_worker.robots.shared.file_robot import FileRobot
from cattube_worker.robots.shared.input_files import InputFile
from cattube_worker.storage import Stores


@pytest.mark.parametrize(
    "robot",
    [
        pytest.param(FileHash(partial_size=2**20), id="hash"),
        pytest.param(FileCompress(compression_level=-6, file_layout="simple"), id="tar"),
        pytest.param(FileCompress(compression_level=-6, file_layout="simple", format="zip"), id="zip"),
        pytest.param(FileDecompress(), id="decompress"),
    ],
)
def test_w20_a_robot_that_is_stopped_ends_at_the_next_piece(tmp_path: Path, robot: FileRobot) -> None:
    source = tmp_path / "upload"
    source.write_bytes(gzip.compress(b"meow" * 1000))
    file = InputFile(path=source, name="cat.gz", basename="cat", size_bytes=source.stat().st_size)
    (tmp_path / "job").mkdir()
    stop = threading.Event()
    workspace = Workspace(
        folder=tmp_path / "job",
        tools=Tools(ffmpeg=Path("ffmpeg"), ffprobe=None, version="", sandbox=()),
        limits=Limits(),
        report=lambda share: None,
        stop=stop,
        stores=Stores({}),
    )

    stop.set()

    with pytest.raises(Stopped):
        robot.make([file], workspace)
