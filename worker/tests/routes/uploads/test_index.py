"""The index of a movie, sent ahead of its bytes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from cattube_worker.execution.streaming.streaming_encodes import MIN_UPLOAD_BYTES
from cattube_worker.media.mp4.movie_index import MAX_INDEX_BYTES

from ...conftest import TestEngine, files_below
from ...media.mp4.test_movie_index import box, movie, offsets

INDEX = movie(offsets(100))
SIZE = MIN_UPLOAD_BYTES


@pytest.fixture
def upload(engine: TestEngine) -> str:
    return engine.open_upload(engine.assembly(), SIZE)


def send(engine: TestEngine, upload: str, body: bytes = INDEX, start: Any = 500) -> int:
    return engine.client.post(f"{upload}/index", data=body, headers={"Index-Offset": str(start)}).status_code


def test_an_index_is_kept_with_its_place_and_offers_the_upload(engine: TestEngine, upload: str) -> None:
    assert send(engine, upload) == 204

    upload_id = upload.rpartition("/")[2]
    kept = engine.parts.files.index_files.get(upload_id)
    assert kept is not None
    assert (kept.start, kept.box) == (500, INDEX)
    assert engine.streaming.take() == upload_id


def test_the_latest_index_counts(engine: TestEngine, upload: str) -> None:
    send(engine, upload)
    send(engine, upload, movie(offsets(200)), start=600)

    kept = engine.parts.files.index_files.get(upload.rpartition("/")[2])
    assert kept is not None
    assert (kept.start, kept.box) == (600, movie(offsets(200)))


@pytest.mark.parametrize(
    ("body", "start", "status"),
    [
        pytest.param(INDEX, SIZE - len(INDEX) + 1, 400, id="reaches-behind-the-end"),
        pytest.param(INDEX, -1, 400, id="t02-negative"),
        pytest.param(INDEX, "abc", 400, id="t02-no-number"),
        pytest.param(INDEX, 2**63, 400, id="t02-too-large-a-number"),
        pytest.param(INDEX[:-1], 500, 400, id="cut-off"),
        pytest.param(INDEX + b"\0", 500, 400, id="longer-than-it-says"),
        pytest.param(box(b"mdat"), 500, 400, id="something-else"),
        pytest.param(b"", 500, 400, id="nothing"),
        pytest.param(bytes(MAX_INDEX_BYTES + 1), 0, 413, id="too-large"),
    ],
)
def test_what_is_no_index_of_this_upload_is_refused_and_not_kept(
    engine: TestEngine, upload: str, body: bytes, start: Any, status: int
) -> None:
    assert send(engine, upload, body, start) == status

    assert files_below(engine.settings.tmp_dir) == []
    assert not engine.streaming.has_offers()


def test_t13_an_upload_that_does_not_exist_takes_none(engine: TestEngine, upload: str) -> None:
    assert send(engine, upload[:-1] + ("0" if upload[-1] != "0" else "1")) == 404
    assert send(engine, upload[:-3] + "../") == 404


def test_an_upload_whose_size_is_unknown_takes_none(engine: TestEngine) -> None:
    assembly = engine.assembly()
    response = engine.client.post(
        urlsplit(assembly["tus_url"]).path, headers={**engine.tus, "Upload-Defer-Length": "1"}
    )
    upload = urlsplit(response.headers["Location"]).path

    assert send(engine, upload) == 400


def test_an_assembly_that_has_ended_takes_none_and_forgets_what_it_had(engine: TestEngine) -> None:
    assembly = engine.assembly()
    upload = engine.open_upload(assembly, SIZE)
    send(engine, upload)
    engine.client.delete(f"/assemblies/{assembly['assembly_id']}")
    engine.work()

    assert send(engine, upload) == 400
    assert files_below(engine.settings.tmp_dir) == []


def test_w24_pages_of_other_origins_may_send_one(engine: TestEngine, upload: str) -> None:
    allowed = engine.client.options(f"{upload}/index").headers["Access-Control-Allow-Headers"]

    assert "Index-Offset" in allowed.split(", ")
