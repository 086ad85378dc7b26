"""How the end of ffmpeg is told."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from cattube_worker.errors import DiskFull
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.tools import Tools
from cattube_worker.media.workspace import Workspace
from cattube_worker.storage import Stores

FULL = """#!/bin/sh
echo "av_interleaved_write_frame(): No space left on device" >&2
exit 228
"""


def test_f42_encode_that_fills_the_disk_is_told_as_that(tmp_path: Path) -> None:
    ffmpeg = tmp_path / "ffmpeg"
    ffmpeg.write_text(FULL)
    ffmpeg.chmod(0o755)
    workspace = Workspace(
        folder=tmp_path,
        tools=Tools(ffmpeg=ffmpeg, ffprobe=None, version="", sandbox=()),
        limits=Limits(),
        report=lambda share: None,
        stop=threading.Event(),
        stores=Stores(),
    )

    with pytest.raises(DiskFull, match="no room left on the disk") as caught:
        workspace.run([], reads=[], name="cat.mp4")

    assert (caught.value.code, caught.value.retryable) == ("TRANSIENT_STORAGE_SERVICE_ERROR", True)
