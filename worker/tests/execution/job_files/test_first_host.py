"""What the only host had under way when others join it."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest
from servers.faults import Faults, Refusal, always, none
from sqlalchemy import select, update

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.model import PROBE, Job
from cattube_worker.execution.job_files.adoption import Adoption
from cattube_worker.execution.job_files.bucket_files import BucketFiles
from cattube_worker.execution.jobs.claimable import Reach
from cattube_worker.execution.jobs.failed_jobs import AWAY_SECONDS
from cattube_worker.storage import StoreError

from ...conftest import UPLOAD_ONLY, TestEngine, open_test_engine
from .conftest import Hosts
from .packing import BYTES, PACK_AND_STORE, scratch_of


def adoption_of(host: TestEngine) -> Adoption:
    return Adoption(
        database=host.database, uploads=host.parts.files.upload_files, files=host.parts.files.job_files
    )


def test_f110_first_host_works_while_it_hands_its_old_files_over(
    hosts: Hosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F110: a job that needs one waits for it elsewhere, and one that cannot be read keeps no other back."""
    for engine in (hosts.ingest, hosts.worker):
        object.__setattr__(engine.jobs, "reach", Reach(engine.settings.host_name))
    folder = hosts.ingest.settings.cattube_data.parent
    alone = open_test_engine(folder, hosts.ingest.clock, engine_secret="of all engines")
    packed, exported = PACK_AND_STORE["packed"], PACK_AND_STORE["exported"]
    steps = {**UPLOAD_ONLY, "one": packed, "two": packed, "exported": {**exported, "use": ["one", "two"]}}
    assembly = alone.assembly(steps=steps)
    alone.upload(assembly, BYTES)
    assert alone.runner(PROBE).run_once()
    assert [alone.runner().run_once() for _ in ("one", "two")] == [True, True]
    alone.close()
    adoption, leave_files = adoption_of(hosts.ingest), BucketFiles.leave
    refusals = [StoreError("It cannot be read.")]

    def leave_one(*arguments: Any, **options: Any) -> Any:
        if refusals:
            raise refusals.pop()
        return leave_files(*arguments, **options)

    adoption.begin()
    assert not hosts.worker.runner().run_once(), "the jobs are for the first host"
    with hosts.ingest.database.write() as session:
        # As one that began to wait just now.
        session.execute(update(Job).where(Job.node == "exported").values(host=None))
    assert hosts.worker.runner().run_once()
    with hosts.ingest.database.read() as session:
        waiting = session.scalars(select(Job).filter_by(node="exported")).all()
    monkeypatch.setattr(BucketFiles, "leave", leave_one)
    has_all = adoption.hand_over(Event())
    left_at_once = hosts.objects(scratch_of(assembly))
    assert adoption.hand_over(Event())
    hosts.ingest.clock.advance(AWAY_SECONDS)
    hosts.work(hosts.worker)

    assert [(job.state, job.attempt) for job in waiting] == [("waiting", 0)] * 2
    assert not has_all
    assert len(left_at_once) == 1
    assert hosts.ingest.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


@pytest.mark.parametrize("is_bucket_away", [False, True])
def test_f92_what_is_under_way_when_the_first_worker_joins_is_finished(
    hosts: Hosts, s3_faults: Faults, is_bucket_away: bool
) -> None:
    """F92: an upload, and a file that a job left on the disk of what was the only host.

    Other hosts find it in the bucket. Where that is away at the time, the job is for the first host alone.
    """
    for engine in (hosts.ingest, hosts.worker):
        object.__setattr__(engine.jobs, "reach", Reach(engine.settings.host_name))
    folder = hosts.ingest.settings.cattube_data.parent
    alone = open_test_engine(folder, hosts.ingest.clock, engine_secret="of all engines")
    begun, sent = (alone.assembly(steps=PACK_AND_STORE) for _ in range(2))
    alone.upload(begun, BYTES)
    assert alone.runner(PROBE).run_once()
    assert alone.runner().run_once()
    alone.upload(sent, BYTES)
    alone.close()

    s3_faults.rule = always(Refusal(503, "ServiceUnavailable")) if is_bucket_away else none
    adoption = adoption_of(hosts.ingest)
    adoption.begin()
    assert adoption.hand_over(Event()) is not is_bucket_away
    s3_faults.rule = none
    assert hosts.worker.runner(PROBE).run_once()
    hosts.work(hosts.worker)
    with hosts.ingest.database.read() as session:
        jobs = repository.jobs_of(session, begun["assembly_id"])
    left = [(job.node, job.host) for job in jobs if job.state == "waiting"]
    if is_bucket_away:
        hosts.work(hosts.ingest)

    assert left == ([("exported", "ingest")] if is_bucket_away else [])
    assert [hosts.ingest.status(assembly)["ok"] for assembly in (begun, sent)] == ["ASSEMBLY_COMPLETED"] * 2
