"""Streaming encodes: an upload is encoded while it arrives, with the output of the whole file."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from cattube_worker.assemblies.model import PROBE

from ...conftest import TestEngine, files_below, upload_metadata
from ...server.conftest import wait_until
from .conftest import STEPS, Movie, encoding, index_of, send_index
from .sending import begin, encoded_whole, go_on, id_of, packets

pytestmark = [pytest.mark.ffmpeg, pytest.mark.usefixtures("small_uploads_too")]


@pytest.mark.parametrize("name", ["index-first.mp4", "film.mkv"])
def test_upload_is_encoded_while_it_arrives(
    engine: TestEngine, movie: Movie, rendered: list[str], name: str
) -> None:
    whole = encoded_whole(engine, movie(name))
    assert rendered == ["cat.mp4"]

    assembly, upload = begin(engine, movie(name))
    with encoding(engine) as encoder:
        go_on(engine, upload, movie(name), encoder)
    engine.work()

    status = engine.status(assembly)
    assert rendered == ["cat.mp4"]
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert packets(engine, status) == packets(engine, whole)
    assert status.keys() == whole.keys()


@pytest.mark.parametrize("name", ["index-last.mp4", "camera.mov"])
def test_upload_whose_index_was_sent_ahead_is_encoded_while_it_arrives(
    engine: TestEngine, movie: Movie, rendered: list[str], name: str
) -> None:
    start, index = index_of(movie(name))
    assembly, upload = begin(engine, movie(name))
    assert send_index(engine, upload, index, start=start).status_code == 204
    with encoding(engine) as encoder:
        go_on(engine, upload, movie(name), encoder)
    engine.work()

    status = engine.status(assembly)
    assert rendered == []
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert packets(engine, status) == packets(engine, encoded_whole(engine, movie(name)))


def test_a_size_that_is_told_late_makes_no_difference(
    engine: TestEngine, movie: Movie, rendered: list[str]
) -> None:
    """Upload-Defer-Length: the end to wait for is not known."""
    content = movie("index-first.mp4")
    assembly = engine.assembly(steps=STEPS)
    metadata = upload_metadata(assembly["assembly_url"], filename="cat.mp4")
    headers = {**engine.tus, "Upload-Defer-Length": "1", "Upload-Metadata": metadata}
    answer = engine.client.post(urlsplit(assembly["tus_url"]).path, headers=headers)
    upload = urlsplit(answer.headers["Location"]).path
    assert engine.patch(upload, content[:99]).status_code == 204
    assert not engine.streaming.has_offers()

    engine.patch(upload, content[99:], 99, {"Upload-Length": str(len(content))})
    with encoding(engine):
        pass
    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ["cat.mp4"]


def test_whole_files_come_first(engine: TestEngine, movie: Movie) -> None:
    content = movie("index-first.mp4")
    engine.upload(engine.assembly(steps=STEPS), content, filename="first.mp4")
    engine.streaming.take()
    assert engine.runner(PROBE).run_once()
    _, upload = begin(engine, content)

    assert not engine.parts.work.streaming_runner().run_once()

    assert engine.streaming.take() == id_of(upload)


@pytest.mark.parametrize("end", ["terminated", "cancelled", "stopped"])
def test_w20_an_end_from_outside_ends_the_encoder_and_leaves_nothing(
    engine: TestEngine, movie: Movie, end: str
) -> None:
    content = movie("index-first.mp4")
    assembly, upload = begin(engine, content)
    with encoding(engine) as encoder:
        engine.patch(upload, content[1 : len(content) // 2], 1)
        wait_until(lambda: engine.streaming.knows(id_of(upload)) or not encoder.is_alive())
        if end == "terminated":
            assert engine.client.delete(upload, headers=engine.tus).status_code == 204
        elif end == "cancelled":
            engine.client.delete(f"/assemblies/{assembly['assembly_id']}")
        else:
            engine.jobs.running.stop_all()

    assert files_below(engine.settings.tmp_dir) == []
