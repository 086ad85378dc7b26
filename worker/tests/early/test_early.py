"""An upload is encoded while it arrives, and what comes of it is what would have come of the whole file."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import pytest

from cattube_worker.assemblies import media_run

from ..conftest import House
from ..server.conftest import wait_until
from .conftest import STEPS, Movie, encoding, index_of, send_index

pytestmark = pytest.mark.ffmpeg


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were encoded when they were whole."""
    names: list[str] = []
    render = media_run.render

    def noted(*arguments: Any, name: str, **more: Any) -> Any:
        names.append(name)
        return render(*arguments, name=name, **more)

    monkeypatch.setattr(media_run, "render", noted)
    return names


def begin(house: House, movie: bytes, filename: str = "cat.mp4") -> tuple[dict[str, Any], str]:
    """An assembly and its upload, the first byte of which is here, which is why it was offered."""
    assembly = house.assembly(steps=STEPS)
    upload = house.open_upload(assembly, len(movie), filename=filename)
    assert house.patch(upload, movie[:1]).status_code == 204
    return assembly, upload


def go_on(house: House, upload: str, movie: bytes, encoder: threading.Thread) -> None:
    """All bytes but the first; the later half when it is being encoded."""
    half = len(movie) // 2
    assert house.patch(upload, movie[1:half], 1).status_code == 204
    wait_until(lambda: house.engine.early.knows(id_of(upload)) or not encoder.is_alive())
    assert house.patch(upload, movie[half:], half).status_code == 204


def id_of(upload: str) -> str:
    return upload.rpartition("/")[2]


def digests(house: House, status: Mapping[str, Any]) -> dict[str, str]:
    """The digest of each step's only result."""
    return {step: files[0]["md5hash"] for step, files in status["results"].items()}


def encoded_whole(house: House, movie: bytes, filename: str = "cat.mp4") -> dict[str, Any]:
    """The status after the ordinary way."""
    assembly = house.assembly(steps=STEPS)
    house.upload(assembly, movie, filename=filename)
    house.engine.early.take()
    house.work()
    return house.status(assembly)


@pytest.mark.parametrize("name", ["index-first.mp4", "film.mkv"])
def test_upload_is_encoded_while_it_arrives(
    house: House, movie: Movie, rendered: list[str], name: str
) -> None:
    whole = encoded_whole(house, movie(name))
    assert rendered == ["cat.mp4"]

    assembly, upload = begin(house, movie(name))
    with encoding(house) as encoder:
        go_on(house, upload, movie(name), encoder)
    house.work()

    status = house.status(assembly)
    assert rendered == ["cat.mp4"]
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert digests(house, status) == digests(house, whole)
    assert status.keys() == whole.keys()


@pytest.mark.parametrize("name", ["index-last.mp4", "camera.mov"])
def test_upload_whose_index_was_sent_ahead_is_encoded_while_it_arrives(
    house: House, movie: Movie, rendered: list[str], name: str
) -> None:
    start, index = index_of(movie(name))
    assembly, upload = begin(house, movie(name))
    assert send_index(house, upload, index, start=start).status_code == 204
    with encoding(house) as encoder:
        go_on(house, upload, movie(name), encoder)
    house.work()

    status = house.status(assembly)
    assert rendered == []
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert digests(house, status) == digests(house, encoded_whole(house, movie(name)))
