"""What remains on disk, and for how long."""

from __future__ import annotations

import os
from pathlib import Path

from cattube_worker.execution import cleanup

from ..conftest import STORE_ORIGINAL, House, files_below, open_house


def test_temporary_files_stay_when_the_operator_wants_to_see_them(tmp_path: Path) -> None:
    house = open_house(tmp_path, delete_tmp_files="false")
    assembly = house.assembly(steps=STORE_ORIGINAL)
    house.upload(assembly, b"meow")

    house.work()

    assert house.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert len(files_below(house.engine.settings.uploads_dir)) == 1
    house.engine.database.close()


def test_files_that_never_came_end_their_assembly(house: House) -> None:
    """T08, T09"""
    assembly = house.assembly()
    house.open_upload(assembly, 4)
    house.clock.advance(25 * 3600)

    cleanup.expire_uploads(house.engine)
    house.work()

    assert house.status(assembly)["error"] == "ASSEMBLY_EXPIRED"
    assert list(house.engine.settings.uploads_dir.iterdir()) == []


def test_results_are_removed_after_their_day(house: House) -> None:
    assembly = house.assembly()
    house.upload(assembly, b"meow")
    house.work()
    folder = house.engine.settings.results_dir / assembly["assembly_id"]
    os.utime(folder, (house.clock(), house.clock()))
    cleanup.expire_results(house.engine)
    assert folder.exists()

    house.clock.advance(25 * 3600)
    cleanup.expire_results(house.engine)

    assert not folder.exists()


def test_deleting_an_ended_assembly_removes_its_results_at_once(house: House) -> None:
    assembly = house.assembly()
    house.upload(assembly, b"meow")
    house.work()
    folder = house.engine.settings.results_dir / assembly["assembly_id"]
    kept = folder.exists()

    house.client.delete(f"/assemblies/{assembly['assembly_id']}")

    assert kept
    assert not folder.exists()
    assert house.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


def test_upload_whose_worker_died_after_the_last_byte_is_finished_at_the_next_start(house: House) -> None:
    """F03"""
    assembly = house.assembly(steps=STORE_ORIGINAL)
    upload = house.open_upload(assembly, 4)
    house.engine.upload_files.path(upload.rsplit("/", 1)[1]).write_bytes(b"meow")

    cleanup.finish_whole_uploads(house.engine)
    house.work()

    assert house.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


def test_old_folders_that_belong_to_nobody_are_removed(house: House) -> None:
    """I6"""
    waiting = house.assembly()
    house.open_upload(waiting, 4)
    stray = house.engine.settings.tmp_dir / ("0" * 32)
    stray.mkdir()
    for folder in (stray, house.engine.settings.uploads_dir / waiting["assembly_id"]):
        os.utime(folder, (house.clock() - 7200, house.clock() - 7200))

    cleanup.remove_strays(house.engine)

    assert not stray.exists()
    assert (house.engine.settings.uploads_dir / waiting["assembly_id"]).exists()


def test_tidying_twice_is_tidying_once(house: House) -> None:
    assembly = house.assembly()
    house.upload(assembly, b"meow")
    house.work()

    cleanup._tidy(house.engine, assembly["assembly_id"])

    assert house.get(house.status(assembly)["uploads"][0]["url"]).data == b"meow"


def test_state_survives_a_new_start(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    assembly = house.assembly(steps=STORE_ORIGINAL)
    upload = house.open_upload(assembly, 8)
    house.patch(upload, b"meow")
    house.engine.database.close()

    again = open_house(tmp_path, house.clock)

    assert again.head(upload).headers["Upload-Offset"] == "4"
    again.patch(upload, b"purr", 4)
    again.work()
    assert again.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    again.engine.database.close()
