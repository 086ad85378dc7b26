from __future__ import annotations

from pathlib import Path

import pytest

from cattube_worker.media.errors import ToolsMissing
from cattube_worker.media.process.encoders import NEEDED, check_encoders
from cattube_worker.media.process.tools import Tools, find_tools


def fake(folder: Path, *encoders: str) -> Tools:
    """An ffmpeg that knows these encoders."""
    path = folder / "ffmpeg"
    listed = "\n".join(["Encoders:", " V..... = Video", *(f" V....D {name}  Words" for name in encoders)])
    path.write_text(f"#!/bin/sh\ncat <<END\n{listed}\nEND\n")
    path.chmod(0o755)
    return Tools(ffmpeg=path, ffprobe=None, version="6.0", sandbox=())


def test_ffmpeg_with_more_than_is_needed_will_do(tmp_path: Path) -> None:
    check_encoders(fake(tmp_path, *NEEDED, "libx265"))


def test_m21_build_without_an_encoder_is_named_with_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(ToolsMissing, match=r"ffmpeg 6\.0 has no aac, libx264: install"):
        check_encoders(fake(tmp_path, "mjpeg", "libx264rgb"))


@pytest.mark.ffmpeg
def test_ffmpeg_of_this_machine_will_do() -> None:
    check_encoders(find_tools())
