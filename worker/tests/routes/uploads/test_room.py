"""Uploads on a disk that is small: announcements are kept room for, and the reserve stays free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from cattube_worker.outbound.http import Outbound

from ...conftest import (
    STORE_ORIGINAL,
    UPLOAD_ONLY,
    TestEngine,
    files_below,
    open_test_engine,
    upload_metadata,
)
from ...small_disk import SmallDisk, use_small_disk

MIB = 2**20
RESERVE_BYTES = MIB


@dataclass
class Site:
    """An engine with three MiB for uploads, and one in reserve."""

    engine: TestEngine
    disk: SmallDisk


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    engine = open_test_engine(tmp_path, min_free_bytes=RESERVE_BYTES)
    yield Site(engine, use_small_disk(monkeypatch, tmp_path / "data", size_bytes=4 * MIB))
    engine.close()


def announce(engine: TestEngine, assembly: dict[str, Any], **headers: str) -> TestResponse:
    metadata = {"Upload-Metadata": upload_metadata(assembly["assembly_url"])}
    return engine.client.post("/resumable/files/", headers={**engine.tus, **metadata, **headers})


def test_m35_what_was_announced_is_kept_room_for(site: Site) -> None:
    engine = site.engine
    first = announce(engine, engine.assembly(), **{"Upload-Length": str(2 * MIB)})

    refused = announce(engine, engine.assembly(), **{"Upload-Length": str(2 * MIB)})
    small = announce(engine, engine.assembly(), **{"Upload-Length": str(MIB // 2)})

    assert (first.status_code, refused.status_code, small.status_code) == (201, 507, 201)
    assert refused.get_json()["error"] == "TRANSIENT_STORAGE_SERVICE_ERROR"
    assert "it needs 2 MiB, and there is room for" in refused.get_json()["message"]
    assert engine.patch(urlsplit(first.headers["Location"]).path, bytes(2 * MIB)).status_code == 204
    assert engine.patch(urlsplit(small.headers["Location"]).path, bytes(MIB // 2)).status_code == 204


def test_m35_nobody_keeps_all_room_from_others_by_announcing(site: Site) -> None:
    engine = site.engine
    alices, alices_next, bobs = (
        engine.assembly(fields={"owner": owner}) for owner in ("alice", "alice", "bob")
    )
    hoarded = announce(engine, alices, **{"Upload-Length": str(3 * MIB - 10_000)})

    more = announce(engine, alices_next, **{"Upload-Length": str(MIB)})
    other = announce(engine, bobs, **{"Upload-Length": str(MIB)})

    assert (hoarded.status_code, more.status_code, other.status_code) == (201, 507, 201)
    assert engine.patch(urlsplit(other.headers["Location"]).path, bytes(MIB)).status_code == 204


def test_m35_bytes_that_have_come_are_not_counted_twice(site: Site) -> None:
    engine = site.engine
    half = engine.open_upload(engine.assembly(), 2 * MIB)
    engine.patch(half, bytes(MIB))

    answer = announce(engine, engine.assembly(), **{"Upload-Length": str(MIB // 2)})

    assert answer.status_code == 201


def test_m35_room_is_free_again_when_an_announcement_is_withdrawn(site: Site) -> None:
    engine = site.engine
    assembly = engine.assembly()
    engine.open_upload(assembly, 2 * MIB)

    engine.client.delete(f"/assemblies/{assembly['assembly_id']}")

    assert announce(engine, engine.assembly(), **{"Upload-Length": str(2 * MIB)}).status_code == 201


def test_m35_announcement_whose_answer_was_lost_is_not_in_the_way_of_the_next(site: Site) -> None:
    engine = site.engine
    assembly = engine.assembly()
    engine.open_upload(assembly, 2 * MIB)

    assert announce(engine, assembly, **{"Upload-Length": str(2 * MIB)}).status_code == 201


def test_m36_upload_of_unknown_length_ends_at_the_reserve_and_keeps_what_came(site: Site) -> None:
    engine, assembly = site.engine, site.engine.assembly()
    upload = urlsplit(announce(engine, assembly, **{"Upload-Defer-Length": "1"}).headers["Location"]).path
    blocks = 0
    while (answer := engine.patch(upload, bytes(MIB // 4), blocks * MIB // 4)).status_code == 204:
        blocks += 1

    offset = int(engine.head(upload).headers["Upload-Offset"])
    assert (answer.status_code, answer.get_json()["error"]) == (507, "TRANSIENT_STORAGE_SERVICE_ERROR")
    assert site.disk.free_bytes > RESERVE_BYTES - MIB // 4
    assert blocks * MIB // 4 <= offset <= 3 * MIB
    site.disk.size_bytes += 2 * MIB
    end = {"Upload-Length": str(offset + 4)}
    assert engine.patch(upload, b"meow", offset, end).status_code == 204
    assert engine.status(assembly)["finished_tus_uploads"] == 1


def test_m36_upload_of_unknown_length_leaves_what_others_announced(site: Site) -> None:
    engine = site.engine
    engine.open_upload(engine.assembly(), 2 * MIB)
    endless = urlsplit(
        announce(engine, engine.assembly(), **{"Upload-Defer-Length": "1"}).headers["Location"]
    ).path

    assert engine.patch(endless, bytes(MIB // 2)).status_code == 204
    assert engine.patch(endless, bytes(MIB), MIB // 2).status_code == 507


def test_m36_disk_that_others_fill_stops_an_upload_that_had_room(site: Site) -> None:
    engine = site.engine
    upload = engine.open_upload(engine.assembly(), MIB)
    site.disk.size_bytes -= 3 * MIB

    answer = engine.patch(upload, bytes(MIB))

    assert answer.status_code == 507
    assert "What arrived is kept" in answer.get_json()["message"]
    site.disk.size_bytes += 3 * MIB
    offset = int(engine.head(upload).headers["Upload-Offset"])
    assert engine.patch(upload, bytes(MIB - offset), offset).status_code == 204 or offset == MIB


def test_m36_form_that_meets_the_reserve_leaves_nothing(site: Site) -> None:
    engine = site.engine
    fields = engine.signed({"steps": UPLOAD_ONLY})
    file = (engine.settings.cattube_data / "secrets.env").open("rb")
    site.disk.size_bytes = RESERVE_BYTES + 2 * file.seek(0, 2)

    answer = engine.client.post("/assemblies", data={**fields, "file": (file, "cat.bin")})

    assert answer.status_code == 507
    assert files_below(engine.settings.uploads_dir) == []


def test_m36_parts_are_kept_when_there_is_no_room_to_join_them(site: Site) -> None:
    engine, assembly = site.engine, site.engine.assembly()
    parts = [
        announce(engine, assembly, **{"Upload-Length": str(MIB), "Upload-Concat": "partial"})
        for _ in range(2)
    ]
    paths = [urlsplit(part.headers["Location"]).path for part in parts]
    for path in paths:
        assert engine.patch(path, bytes(MIB)).status_code == 204

    answer = announce(engine, assembly, **{"Upload-Concat": f"final;{' '.join(paths)}"})

    assert answer.status_code == 507
    assert len(files_below(engine.settings.uploads_dir)) == 2
    site.disk.size_bytes += 2 * MIB
    assert announce(engine, assembly, **{"Upload-Concat": f"final;{' '.join(paths)}"}).status_code == 201


def test_m36_fetched_file_ends_at_the_reserve_and_leaves_its_place_free(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, assembly = site.engine, site.engine.assembly(steps=STORE_ORIGINAL)

    def download(outbound: Outbound, _url: str, target: Path, *, max_bytes: int) -> None:
        assert outbound.room is not None
        target.write_bytes(bytes(3 * MIB))
        outbound.room.note_written(3 * MIB)

    monkeypatch.setattr(Outbound, "download", download)
    path = f"/assemblies/{assembly['assembly_id']}/add_file"

    answer = engine.client.post(path, query_string={"size": "4", "s3Url": "https://bucket.example/cat.txt"})

    assert answer.status_code == 507
    assert files_below(engine.settings.uploads_dir) == []


def test_health_tells_that_only_the_reserve_is_left(site: Site) -> None:
    site.disk.size_bytes = RESERVE_BYTES

    degraded = site.engine.client.get("/healthz").get_json()["degraded"]

    assert "full but for its reserve" in degraded["disk"]
