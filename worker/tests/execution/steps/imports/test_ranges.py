"""Parts of files that are imported."""

from __future__ import annotations

import pytest

from ....conftest import TestEngine, files_below
from .conftest import RemoteServer, from_store, imported, importing

RANGES = [
    pytest.param("0-3", b"0123", id="one"),
    pytest.param("2-3", b"23", id="one-in-the-middle"),
    pytest.param("-2", b"89", id="the-end"),
    pytest.param(["0-1", "4-5"], b"01\0\x0045", id="several-with-a-gap"),
    pytest.param(["4-5", "0-1", "-1"], b"01\0\x0045\0\0\x009", id="in-any-order"),
    pytest.param(["0-4", "3-6"], b"0123456", id="overlapping"),
    pytest.param("8-20", b"89", id="beyond-the-end"),
]


@pytest.mark.parametrize(("wanted", "body"), RANGES)
def test_parts_of_a_file_lie_where_they_lay(
    engine: TestEngine, remote: RemoteServer, wanted: object, body: bytes
) -> None:
    remote.answers["/x"] = (200, {}, b"0123456789")

    (file,) = imported(engine, importing(f"{remote.url}/x", range=wanted))["results"]["imported"]

    assert engine.get(file["ssl_url"]).data == body
    assert all("Range" in headers for _, headers in remote.asked)


def test_a_server_without_ranges_sends_the_whole_file(engine: TestEngine, remote: RemoteServer) -> None:
    remote.knows_ranges = False

    (file,) = imported(engine, importing(f"{remote.url}/pets/My%20cat.txt", range=["0-1", "3-3"]))["results"][
        "imported"
    ]

    assert engine.get(file["ssl_url"]).data == b"meow"
    assert len(remote.asked) == 1


@pytest.mark.parametrize(("wanted", "body"), RANGES)
def test_parts_of_an_object_lie_where_they_lay(engine: TestEngine, wanted: object, body: bytes) -> None:
    engine.settings.bucket_dir.joinpath("x").write_bytes(b"0123456789")

    (file,) = imported(engine, from_store("/s3/import", "x", range=wanted))["results"]["imported"]

    assert engine.get(file["ssl_url"]).data == body


def test_w15_parts_far_apart_count_as_the_file_they_make(engine: TestEngine, remote: RemoteServer) -> None:
    remote.answers["/x"] = (200, {}, b"x" * 2000)

    status = imported(engine, importing(f"{remote.url}/x", range=["0-1", "1998-1999"], max_file_size=1000))

    assert "1000 bytes" in status["message"]
    assert files_below(engine.settings.tmp_dir) == []
