"""Odd and hostile files end the same way, be they encoded while they arrive or when they are whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ...conftest import open_test_engine
from ...ffmpeg.conftest import Clip
from .conftest import encoding, index_of, send_index
from .sending import begin, encoded_whole, go_on, shapes

pytestmark = [pytest.mark.ffmpeg, pytest.mark.usefixtures("small_uploads_too")]


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        pytest.param("huge-claim.mkv", {}, id="m08-huge-claim"),
        pytest.param("plain.mp4", {"max_pixels": 1000}, id="m08-many-pixels"),
        pytest.param("two-days.mkv", {}, id="m11-two-days"),
        pytest.param("silence.mkv", {"max_duration_seconds": 600}, id="m11-hours-of-silence"),
        pytest.param("plain.mp4", {"max_output_bytes": 20_000}, id="m11-output-too-long"),
        pytest.param("plain.mp4", {"max_streams": 1}, id="m13-many-streams"),
        pytest.param("cut-off.mp4", {}, id="m14-cut-off"),
        pytest.param("sound.m4a", {}, id="song"),
        pytest.param("variable.mp4", {}, id="m01-variable-rate"),
        pytest.param("rotated.mp4", {}, id="m01-rotated"),
        pytest.param("web.webm", {}, id="m01-webm"),
        pytest.param("one-frame-long-sound.mp4", {}, id="m01-one-frame"),
        pytest.param("two-sounds.mkv", {}, id="m51-two-sounds"),
        pytest.param("long-sound.mkv", {}, id="m53-long-sound"),
        pytest.param("rgb.mkv", {}, id="m54-rgb"),
    ],
)
def test_an_odd_or_hostile_file_ends_as_it_does_when_it_is_whole(
    tmp_path: Path, clip: Clip, name: str, limits: dict[str, Any]
) -> None:
    engine = open_test_engine(tmp_path, job_attempts=1, **limits)
    content = clip(name).read_bytes()
    whole = encoded_whole(engine, content, name)

    assembly, upload = begin(engine, content, name)
    if b"moov" in content and content.index(b"moov") > content.index(b"mdat"):
        start, index = index_of(content)
        send_index(engine, upload, index, start=start)
    with encoding(engine) as encoder:
        go_on(engine, upload, content, encoder)
    engine.work()

    status = engine.status(assembly)
    engine.close()
    assert status.get("ok") == whole.get("ok")
    assert status.get("error") == whole.get("error")
    assert status.get("message") == whole.get("message")
    assert shapes(status) == shapes(whole)
