"""Uploads that pause or stop while they are encoded."""

from __future__ import annotations

import threading

import pytest

from ...conftest import TestEngine, files_below
from .conftest import Movie, encoding
from .sending import begin, go_on

pytestmark = [pytest.mark.ffmpeg, pytest.mark.usefixtures("small_uploads_too")]


@pytest.mark.parametrize("share", [0.0001, 0.3, 0.7, 0.999])
def test_an_upload_that_stops_at_any_point_leaves_nothing_and_is_encoded_when_it_is_whole(
    engine: TestEngine, movie: Movie, rendered: list[str], share: float
) -> None:
    """A dead upload never becomes a video (measured: ffmpeg ends well on half a file)."""
    content = movie("index-first.mp4")
    here = max(1, int(len(content) * share))
    assembly, upload = begin(engine, content)
    with encoding(engine, stall_seconds=1):
        engine.patch(upload, content[1:here], 1)

    assert files_below(engine.settings.tmp_dir) == []
    assert engine.status(assembly)["ok"] == "ASSEMBLY_UPLOADING"
    assert engine.status(assembly)["results"] == {}

    assert engine.patch(upload, content[here:], here).status_code == 204
    engine.streaming.take()
    engine.work()
    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ["cat.mp4"]


@pytest.mark.parametrize("here", [2, 1_300_000])
def test_an_upload_that_stalled_is_encoded_early_when_it_goes_on(
    engine: TestEngine, movie: Movie, rendered: list[str], here: int
) -> None:
    content = movie("index-first.mp4")
    assembly, upload = begin(engine, content)
    with encoding(engine, stall_seconds=1):
        assert engine.patch(upload, content[1:here], 1).status_code == 204
    assert engine.patch(upload, content[here : here + 1], here).status_code == 204

    with encoding(engine) as encoder:
        go_on(engine, upload, content, encoder, start=here + 1)
    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == []


def test_a_pause_is_waited_out(engine: TestEngine, movie: Movie, rendered: list[str]) -> None:
    content = movie("index-first.mp4")
    third = len(content) // 3
    assembly, upload = begin(engine, content)
    with encoding(engine):
        for start in range(1, len(content), third):
            threading.Event().wait(0.5)  # The network is gone for half of what is borne.
            assert engine.patch(upload, content[start : start + third], start).status_code == 204
    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == []
