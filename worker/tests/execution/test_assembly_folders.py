"""Places on disk of what belongs to an assembly."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cattube_worker.assembly_folders import remove_tree
from cattube_worker.execution.jobs.leases import Lease

from ..conftest import TestEngine


def test_w55_no_path_that_a_program_is_given_tells_the_assembly(engine: TestEngine) -> None:
    """Every user of the machine may read the arguments of ffmpeg."""
    assembly = engine.assembly()
    upload_id = engine.open_upload(assembly, 4).rsplit("/", 1)[1]
    folders, assembly_id = engine.jobs.folders, assembly["assembly_id"]
    lease = Lease(job_id="job", assembly_id=assembly_id, node="cut", input_ids=(), attempt=1, fence=1)

    paths = [engine.uploads.files.path(upload_id), folders.create(lease), folders.streaming_path(assembly_id)]

    assert paths[0].is_file()
    assert not [path for path in paths if assembly_id in str(path)]
    folders.remove_assembly(assembly_id)
    assert list(engine.settings.tmp_dir.iterdir()) == []


def test_t87_folder_goes_although_a_file_appears_in_it_while_it_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A viewer asks for a segment, which is put beside its pieces."""
    folder, remove = tmp_path / "made-1.live", os.rmdir
    folder.mkdir()
    (folder / "0.m4s").write_bytes(b"piece")
    late = iter([folder / "0-3.m4s"])

    def remove_late(path: str, **where: int) -> None:
        for appearing in late:
            appearing.write_bytes(b"joined")
        remove(path, **where)

    monkeypatch.setattr(os, "rmdir", remove_late)
    remove_tree(folder)

    assert next(late, None) is None
    assert not folder.exists()
