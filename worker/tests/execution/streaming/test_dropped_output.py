"""What was made early of other bytes than those of the whole file, or is gone, counts for nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ...conftest import TestEngine, files_below, open_test_engine
from ...server.conftest import wait_until
from .conftest import Movie, encoding, index_of, laid_out_anew, send_index
from .sending import begin, encoded_whole, go_on, id_of, packets

pytestmark = [pytest.mark.ffmpeg, pytest.mark.usefixtures("small_uploads_too")]


def test_bytes_that_were_taken_back_count_for_nothing(
    engine: TestEngine, movie: Movie, rendered: list[str]
) -> None:
    """Bytes that were encoded, then refused for their checksum, and sent anew as others."""
    content = movie("index-first.mp4")
    other = content[:-100] + bytes(100)
    assembly, upload = begin(engine, content)
    with encoding(engine) as encoder:
        go_on(engine, upload, other, encoder, until=-1)
        path = engine.uploads.files.path(id_of(upload))
        wait_until(lambda: path.stat().st_size == len(content) - 1)
        threading.Event().wait(0.3)  # The encoder has seen them, or will see the others: both are right.
        engine.uploads.files.cut(id_of(upload), len(content) - 100)
        assert engine.patch(upload, content[-100:], len(content) - 100).status_code == 204
    engine.work()

    status = engine.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert packets(engine, status) == packets(engine, encoded_whole(engine, content))


def test_another_index_than_the_one_that_comes_counts_for_nothing(
    engine: TestEngine, movie: Movie, rendered: list[str]
) -> None:
    content = movie("index-last.mp4")
    start, index = index_of(content)
    shorter = bytearray(index)
    shorter[index.index(b"mvhd") + 20 + 4] ^= 1  # It is longer or shorter than it says.
    assembly, upload = begin(engine, content)
    send_index(engine, upload, bytes(shorter), start=start)
    with encoding(engine) as encoder:
        go_on(engine, upload, content, encoder)
    engine.work()

    status = engine.status(assembly)
    assert rendered == ["cat.mp4"]
    assert packets(engine, status) == packets(engine, encoded_whole(engine, content))


def test_an_index_that_points_outside_of_the_file_counts_for_nothing(
    engine: TestEngine, movie: Movie, rendered: list[str]
) -> None:
    content = movie("index-last.mp4")
    start, index = index_of(content)
    wrong = index.replace(index[index.index(b"stco") + 12 :][:4], b"\xff\xff\xff\xff")
    assembly, upload = begin(engine, content)
    send_index(engine, upload, wrong, start=start)
    with encoding(engine) as encoder:
        go_on(engine, upload, content, encoder)
    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ["cat.mp4"]


@pytest.mark.parametrize("name", ["index-last.mp4", "fragments.mp4"])
def test_a_film_whose_first_bytes_tell_too_little_is_encoded_when_it_is_whole(
    engine: TestEngine, movie: Movie, rendered: list[str], name: str
) -> None:
    assembly, upload = begin(engine, movie(name))
    with encoding(engine) as encoder:
        go_on(engine, upload, movie(name), encoder)
    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ["cat.mp4"]


@pytest.mark.parametrize(
    ("order", "is_early"),
    [
        pytest.param(lambda track, chunk: track * 10_000 + chunk, True, id="sound-behind-the-pictures"),
        pytest.param(lambda track, chunk: -chunk, False, id="backwards"),
    ],
)
def test_pieces_out_of_order_are_kept_or_the_film_is_made_again(
    engine: TestEngine, movie: Movie, rendered: list[str], order: Callable[[int, int], int], is_early: bool
) -> None:
    content = laid_out_anew(movie("index-last.mp4"), order)
    start, index = index_of(content)
    assembly, upload = begin(engine, content)
    send_index(engine, upload, index, start=start)
    with encoding(engine) as encoder:
        go_on(engine, upload, content, encoder)
    engine.work()

    status = engine.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ([] if is_early else ["cat.mp4"])
    assert packets(engine, status) == packets(engine, encoded_whole(engine, content))


def test_f05_what_a_killed_worker_had_made_early_is_made_again(
    engine: TestEngine, movie: Movie, rendered: list[str], tmp_path: Path
) -> None:
    content = movie("index-first.mp4")
    assembly, upload = begin(engine, content)
    with encoding(engine) as encoder:
        go_on(engine, upload, content, encoder)
    engine.close()

    again = open_test_engine(tmp_path, clock=engine.clock)
    again.work()

    status = again.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ["cat.mp4"]
    assert files_below(again.settings.tmp_dir) == []
    again.close()


def test_a_file_made_early_that_is_gone_is_made_again(
    engine: TestEngine, movie: Movie, rendered: list[str]
) -> None:
    content = movie("index-first.mp4")
    assembly, upload = begin(engine, content)
    with encoding(engine) as encoder:
        go_on(engine, upload, content, encoder)
    for path in engine.settings.tmp_dir.rglob("made-1"):
        path.unlink()
    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ["cat.mp4"]
