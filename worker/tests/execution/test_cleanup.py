"""Cleaning up: the files that remain on disk, and for how long."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import select

from cattube_worker.assemblies.model import Assembly, DeliveryAttempt, File, Job, Notification, Upload
from cattube_worker.assembly_folders import folder_name
from cattube_worker.execution import cleanup
from cattube_worker.tus.upload_files import UploadFiles

from ..conftest import STORE_ORIGINAL, TestEngine, files_below, open_test_engine


def test_temporary_files_stay_when_the_operator_wants_to_see_them(tmp_path: Path) -> None:
    engine = open_test_engine(tmp_path, delete_tmp_files="false")
    assembly = engine.assembly(steps=STORE_ORIGINAL)
    engine.upload(assembly, b"meow")

    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert len(files_below(engine.settings.uploads_dir)) == 1
    engine.close()


def test_files_that_never_came_end_their_assembly(engine: TestEngine) -> None:
    """T08, T09"""
    assembly = engine.assembly()
    engine.open_upload(assembly, 4)
    engine.clock.advance(25 * 3600)

    engine.parts.work.expiry.expire_uploads()
    engine.work()

    assert engine.status(assembly)["error"] == "ASSEMBLY_EXPIRED"
    assert list(engine.settings.uploads_dir.iterdir()) == []


def test_results_are_removed_after_their_day(engine: TestEngine) -> None:
    assembly = engine.assembly()
    engine.upload(assembly, b"meow")
    engine.work()
    folder = engine.settings.results_dir / assembly["assembly_id"]
    os.utime(folder, (engine.clock(), engine.clock()))
    engine.cleanup.expire_results()
    assert folder.exists()

    engine.clock.advance(25 * 3600)
    engine.cleanup.expire_results()

    assert not folder.exists()


def test_deleting_an_ended_assembly_removes_its_results_at_once(engine: TestEngine) -> None:
    assembly = engine.assembly()
    engine.upload(assembly, b"meow")
    engine.work()
    folder = engine.settings.results_dir / assembly["assembly_id"]
    kept = folder.exists()

    engine.client.delete(f"/assemblies/{assembly['assembly_id']}", data=engine.signed({}))

    assert kept
    assert not folder.exists()
    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


def test_upload_whose_worker_died_after_the_last_byte_is_finished_at_the_next_start(
    engine: TestEngine,
) -> None:
    """F03"""
    assembly = engine.assembly(steps=STORE_ORIGINAL)
    upload = engine.open_upload(assembly, 4)
    engine.uploads.files.path(upload.rsplit("/", 1)[1]).write_bytes(b"meow")

    engine.uploads.finish_whole()
    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


def test_old_folders_that_belong_to_nobody_are_removed(engine: TestEngine) -> None:
    """I6"""
    waiting = engine.assembly()
    engine.open_upload(waiting, 4)
    stray = engine.settings.tmp_dir / ("0" * 32)
    stray.mkdir()
    for folder in (stray, engine.settings.uploads_dir / folder_name(waiting["assembly_id"])):
        os.utime(folder, (engine.clock() - 7200, engine.clock() - 7200))

    engine.cleanup.remove_strays()

    assert not stray.exists()
    assert (engine.settings.uploads_dir / folder_name(waiting["assembly_id"])).exists()


def test_upload_that_an_earlier_version_began_goes_on_where_it_lies(engine: TestEngine) -> None:
    assembly = engine.assembly(steps=STORE_ORIGINAL)
    upload = engine.open_upload(assembly, 8)
    engine.patch(upload, b"meow")
    path = engine.uploads.files.path(upload.rsplit("/", 1)[1])
    old_path = engine.settings.uploads_dir / assembly["assembly_id"] / upload.rsplit("/", 1)[1]
    old_path.parent.mkdir()
    path.rename(old_path)
    os.utime(old_path.parent, (engine.clock() - 7200, engine.clock() - 7200))
    engine.cleanup.remove_strays()

    assert engine.patch(upload, b"purr", 4).status_code == 204
    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert list(engine.settings.uploads_dir.iterdir()) == []


def test_tidying_twice_is_tidying_once(engine: TestEngine) -> None:
    assembly = engine.assembly()
    engine.upload(assembly, b"meow")
    engine.work()

    engine.cleanup.tidy(assembly["assembly_id"])

    assert engine.get(engine.status(assembly)["uploads"][0]["url"]).data == b"meow"


def test_state_survives_a_new_start(tmp_path: Path) -> None:
    engine = open_test_engine(tmp_path)
    assembly = engine.assembly(steps=STORE_ORIGINAL)
    upload = engine.open_upload(assembly, 8)
    engine.patch(upload, b"meow")
    engine.close()

    again = open_test_engine(tmp_path, engine.clock)

    assert again.head(upload).headers["Upload-Offset"] == "4"
    again.patch(upload, b"purr", 4)
    again.work()
    assert again.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    again.close()


def test_f41_engine_that_dies_while_it_tidies_does_it_again_at_once(
    engine: TestEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assembly = engine.assembly(steps=STORE_ORIGINAL)
    engine.upload(assembly, b"meow")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(UploadFiles, "remove_assembly", die)
        with pytest.raises(KeyboardInterrupt):
            engine.work()
    left = files_below(engine.settings.uploads_dir)
    engine.work()

    assert len(left) == 1
    assert files_below(engine.settings.uploads_dir) == []
    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


DAY_SECONDS = 24 * 3600


def rows(engine: TestEngine) -> dict[str, int]:
    """How many rows there are of all that belongs to assemblies."""
    tables = (Assembly, Upload, File, Job, Notification, DeliveryAttempt)
    with engine.database.read() as session:
        return {table.__tablename__: len(session.scalars(select(table)).all()) for table in tables}


def test_f43_assembly_that_ended_long_ago_goes_with_all_that_was_its_own(engine: TestEngine) -> None:
    assembly = engine.assembly(notify_url="http://127.0.0.1:1/")
    engine.upload(assembly, b"meow")
    engine.work()
    engine.clock.advance(2 * DAY_SECONDS)
    engine.parts.reports.outbox.deliver_one()
    engine.clock.advance(27 * DAY_SECONDS)
    engine.cleanup.forget_old()
    kept = rows(engine)

    engine.clock.advance(2 * DAY_SECONDS)
    younger = engine.assembly(expected=0, auth={"expires": "2027/02/18 00:00:00+00:00"})
    engine.work()
    engine.cleanup.forget_old()

    assert min(kept.values()) == 1
    assert {name: count for name, count in rows(engine).items() if count} == {"assemblies": 1}
    assert engine.client.get(f"/assemblies/{assembly['assembly_id']}").status_code == 404
    assert engine.status(younger)["ok"] == "ASSEMBLY_COMPLETED"
    assert not (engine.settings.results_dir / assembly["assembly_id"]).exists()


def test_f43_assembly_that_is_not_done_with_stays(engine: TestEngine) -> None:
    waiting = engine.assembly()
    untold = engine.assembly(expected=0, notify_url="http://127.0.0.1:1/")
    engine.work()
    engine.clock.advance(400 * DAY_SECONDS)

    engine.cleanup.forget_old()

    assert engine.status(waiting)["ok"] == "ASSEMBLY_UPLOADING"
    assert engine.status(untold)["ok"] == "ASSEMBLY_COMPLETED"


def test_operator_may_keep_assemblies_for_ever(tmp_path: Path) -> None:
    engine = open_test_engine(tmp_path, keep_assemblies_days=0)
    assembly = engine.assembly(expected=0)
    engine.work()
    engine.clock.advance(4000 * DAY_SECONDS)

    engine.cleanup.forget_old()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    engine.close()


def test_f43_many_old_assemblies_go_in_several_transactions(
    engine: TestEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleanup, "ASSEMBLIES_AT_ONCE", 2)
    monkeypatch.setattr(cleanup, "BATCHES_AT_ONCE", 2)
    for _ in range(5):
        engine.assembly(expected=0)
    engine.work()
    engine.clock.advance(31 * DAY_SECONDS)

    engine.cleanup.forget_old()
    after_one_sweep = rows(engine)["assemblies"]
    engine.cleanup.forget_old()

    assert (after_one_sweep, rows(engine)["assemblies"]) == (1, 0)
