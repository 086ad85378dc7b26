"""Places on disk of what belongs to an assembly."""

from __future__ import annotations

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
