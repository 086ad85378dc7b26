"""Sprite sheets of streaming encodes."""

from __future__ import annotations

import pytest

from ...conftest import TestEngine
from .conftest import Movie, encoding
from .sending import begin, encoded_whole, go_on

pytestmark = [pytest.mark.ffmpeg, pytest.mark.usefixtures("small_uploads_too")]


@pytest.mark.parametrize("name", ["index-first.mp4", "film.mkv"])
def test_a_storyboard_made_of_a_growing_upload_is_that_of_the_whole(
    engine: TestEngine, movie: Movie, rendered: list[str], name: str
) -> None:
    assembly, upload = begin(engine, movie(name))
    with encoding(engine) as encoder:
        go_on(engine, upload, movie(name), encoder)
    engine.work()

    status = engine.status(assembly)
    assert rendered == []
    (board,) = status["results"]["storyboard"]
    assert (board["meta"]["width"], board["meta"]["height"]) == (1600, 900)
    (whole,) = encoded_whole(engine, movie(name))["results"]["storyboard"]
    assert board["md5hash"] == whole["md5hash"]
