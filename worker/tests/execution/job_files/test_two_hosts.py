"""An upload that one host took, worked on by another."""

from __future__ import annotations

import hashlib
import io
import os
import urllib.request
import zipfile
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from servers.faults import Faults, Refusal, always, none
from sqlalchemy import select, update

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.hosts.hosts import INGEST, WORKER, leave
from cattube_worker.assemblies.model import PROBE, Host, Job
from cattube_worker.assembly_folders import folder_name
from cattube_worker.execution.job_files.adoption import Adoption
from cattube_worker.execution.job_files.bucket_files import BucketFiles
from cattube_worker.execution.job_files.held_uploads import LIFETIME_SECONDS, HeldUploads
from cattube_worker.execution.jobs.claimable import Reach
from cattube_worker.execution.jobs.job_runner import AWAY_SECONDS, MOST_AWAY_SECONDS
from cattube_worker.storage import StoreError

from ...conftest import UPLOAD_ONLY, TestEngine, files_below, open_test_engine, upload_metadata
from ..cluster.conftest import report
from .conftest import Hosts, bucket_settings

BYTES = bytes(range(256)) * 4096
# Packed at one host, stored at another.
PACK_AND_STORE: dict[str, Any] = {
    **UPLOAD_ONLY,
    "packed": {"robot": "/file/compress", "use": ":original", "format": "zip"},
    "exported": {
        "robot": "/backblaze/store",
        "use": ["packed", ":original"],
        "credentials": "cattube",
        "path": "${previous_step.name}/${file.name}",
    },
}


def uploaded(hosts: Hosts, steps: dict[str, Any] | None = None) -> dict[str, Any]:
    """An assembly whose file has come to the ingest host, and was probed there."""
    assembly = hosts.ingest.assembly(steps=steps or PACK_AND_STORE)
    hosts.ingest.upload(assembly, BYTES)
    assert hosts.ingest.runner(PROBE).run_once()
    return assembly


def jobs_of(host: TestEngine, assembly: dict[str, Any]) -> dict[str, Job]:
    """The jobs by their nodes."""
    with host.database.read() as session:
        jobs = session.scalars(select(Job).filter_by(assembly_id=assembly["assembly_id"])).all()
    return {job.node: job for job in jobs}


def scratch_of(assembly: dict[str, Any]) -> str:
    return f"scratch/{folder_name(assembly['assembly_id'])}/"


def unpacked(archive: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        return file.read(file.namelist()[0])


def check_result(hosts: Hosts, assembly: dict[str, Any]) -> None:
    """Check that all is stored as on one host, and nothing else is left anywhere."""
    assert hosts.ingest.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    stored = {key.split("/")[0]: hosts.content(key) for key in hosts.objects()}
    assert stored.keys() == {"packed", ":original"}
    assert stored[":original"] == BYTES
    assert unpacked(stored["packed"]) == BYTES


def test_upload_is_worked_on_by_a_host_that_has_no_disk_in_common(hosts: Hosts) -> None:
    """S43"""
    assembly = uploaded(hosts)

    hosts.work(hosts.worker)
    hosts.ingest.cleanup.tidy_ended()
    hosts.worker.cleanup.sweep_files()

    check_result(hosts, assembly)
    assert hosts.door.sent_bytes == len(BYTES), "one fetch is enough for both of its jobs"
    assert files_below(hosts.worker.settings.cache_dir) == []


def test_upload_is_probed_by_a_host_that_has_no_disk_in_common(hosts: Hosts) -> None:
    """S43"""
    assembly = hosts.ingest.assembly(steps=PACK_AND_STORE)
    hosts.ingest.upload(assembly, BYTES)

    assert hosts.worker.runner(PROBE).run_once()
    hosts.work(hosts.worker)
    hosts.ingest.cleanup.tidy_ended()

    check_result(hosts, assembly)
    assert hosts.door.sent_bytes <= len(BYTES) + 1


def test_each_host_goes_on_with_what_the_other_has_made(hosts: Hosts) -> None:
    """S44"""
    assembly = uploaded(hosts)

    assert hosts.worker.runner().run_once()
    made = hosts.objects(scratch_of(assembly))
    hosts.work(hosts.ingest)
    hosts.ingest.cleanup.tidy_ended()

    assert len(made) == 1
    check_result(hosts, assembly)


def test_stored_result_is_copied_by_the_bucket_itself(hosts: Hosts, s3_faults: Faults) -> None:
    """S45: its bytes are sent once, and have the attributes of any stored object."""
    assembly = uploaded(hosts)
    assert hosts.worker.runner().run_once()
    (scratch_key,) = hosts.objects(scratch_of(assembly))
    s3_faults.calls.clear()

    hosts.work(hosts.ingest)

    copies = [call for call in s3_faults.calls if "x-amz-copy-source" in call.headers]
    assert [call.headers["x-amz-copy-source"] for call in copies] == [f"{hosts.bucket}/{scratch_key}"]
    assert not [call for call in s3_faults.calls if call.method == "GET" and scratch_key in call.path]
    (key,) = hosts.objects("packed/")
    head = hosts.server.client.head_object(Bucket=hosts.bucket, Key=key)
    assert head["ContentType"] == "application/zip"
    assert head["Metadata"].keys() == {"sha256"}


def test_fetch_that_breaks_off_goes_on_where_it_was(hosts: Hosts) -> None:
    """S46"""
    assembly = uploaded(hosts)
    hosts.door.breaks = [300_000, 400_000, 0]

    hosts.work(hosts.worker)
    hosts.worker.clock.advance(AWAY_SECONDS)
    hosts.work(hosts.worker)
    hosts.ingest.cleanup.tidy_ended()

    check_result(hosts, assembly)
    starts = ["bytes=0-", "bytes=300000-", "bytes=700000-", "bytes=700000-"]
    assert hosts.door.ranges == starts
    assert hosts.door.sent_bytes == len(BYTES)


def test_job_waits_for_a_host_that_is_away(hosts: Hosts) -> None:
    """F60: no attempt counts that could not begin."""
    assembly = uploaded(hosts)
    hosts.door.shut()

    for _ in range(4):
        assert hosts.worker.runner().run_once()
        hosts.worker.clock.advance(AWAY_SECONDS)
    waiting = jobs_of(hosts.ingest, assembly)["packed"]
    hosts.door.open()
    hosts.work(hosts.worker)
    hosts.ingest.cleanup.tidy_ended()

    assert (waiting.state, waiting.attempt) == ("waiting", 0)
    check_result(hosts, assembly)


@pytest.mark.parametrize(("away_seconds", "pause_seconds"), [(16, AWAY_SECONDS), (100, 50), (3600, 300)])
def test_f111_host_that_has_been_away_for_long_is_asked_for_nothing(
    hosts: Hosts, away_seconds: float, pause_seconds: float
) -> None:
    """F111: its jobs come back the less often the longer it is away, and keep no others."""
    assembly = uploaded(hosts)
    report(hosts.ingest, "ingest", INGEST)
    with hosts.ingest.database.write() as session:
        session.execute(update(Host).values(seen_at=Host.seen_at - away_seconds))
    hosts.door.ranges.clear()

    assert hosts.worker.runner().run_once()
    job = next(job for job in jobs_of(hosts.worker, assembly).values() if job.due_at > hosts.worker.clock())

    assert hosts.door.ranges == []
    assert (job.state, job.attempt) == ("waiting", 0)
    assert job.due_at - hosts.worker.clock() == pytest.approx(pause_seconds, abs=10)


def test_job_waits_for_a_host_that_refuses_its_file(hosts: Hosts, monkeypatch: pytest.MonkeyPatch) -> None:
    """F60: as one does with another ENGINE_SECRET. The file is not gone."""
    assembly = uploaded(hosts)
    with monkeypatch.context() as patch:
        patch.setattr(HeldUploads, "allows", lambda *_: False)
        assert hosts.worker.runner().run_once()
    waiting = jobs_of(hosts.ingest, assembly)["packed"]
    hosts.worker.clock.advance(AWAY_SECONDS)
    hosts.work(hosts.worker)
    hosts.ingest.cleanup.tidy_ended()

    assert (waiting.state, waiting.attempt) == ("waiting", 0)
    check_result(hosts, assembly)


def test_fetch_that_takes_longer_than_its_address_lasts_goes_on(
    hosts: Hosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S46"""
    assembly = uploaded(hosts)
    hosts.door.breaks = [300_000]
    hours = [LIFETIME_SECONDS + 1]

    def write_slowly(_size_bytes: int) -> None:
        if hours:
            hosts.worker.clock.advance(hours.pop())

    monkeypatch.setattr(hosts.worker.parts.files.room, "note_written", write_slowly)

    assert hosts.worker.runner().run_once()

    assert hosts.door.ranges == ["bytes=0-", "bytes=300000-"]
    assert jobs_of(hosts.ingest, assembly)["packed"].state == "done"


def test_assembly_ends_with_a_reason_when_a_host_never_comes_back(hosts: Hosts) -> None:
    """F60"""
    assembly = uploaded(hosts)
    hosts.door.shut()
    hosts.worker.clock.advance(MOST_AWAY_SECONDS)

    while hosts.worker.runner().run_once():
        hosts.worker.clock.advance(60)

    status = hosts.ingest.status(assembly)
    assert "does not give a file" in status["message"]
    assert status["error"] == "INTERNAL_COMMAND_ERROR"


def test_original_is_found_in_the_bucket_once_it_is_stored(hosts: Hosts) -> None:
    """F61: the host that took it may burn then."""
    exported = {**PACK_AND_STORE["exported"], "use": ":original"}
    late = {"robot": "/file/compress", "use": ":original", "format": "zip", "queue": "batch"}
    steps = {**UPLOAD_ONLY, "exported": exported, "packed": late}
    assembly = uploaded(hosts, steps)
    assert hosts.ingest.runner().run_once()
    hosts.door.shut()

    hosts.work(hosts.worker)

    assert hosts.ingest.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    (result,) = hosts.ingest.status(assembly)["results"]["packed"]
    answer = hosts.ingest.get(result["url"])
    assert answer.status_code == 302, "the host that is asked has not made it"


def test_damaged_upload_is_fetched_again_and_never_worked_on(hosts: Hosts) -> None:
    """S47"""
    assembly = uploaded(hosts)
    (path,) = (path for path in hosts.ingest.settings.uploads_dir.rglob("*") if path.is_file())
    path.write_bytes(bytes(len(BYTES)))

    assert hosts.worker.runner().run_once()
    fetches = list(hosts.door.ranges)
    damaged = jobs_of(hosts.ingest, assembly)["packed"]
    path.write_bytes(BYTES)
    hosts.worker.clock.advance(60)
    hosts.work(hosts.worker)
    hosts.ingest.cleanup.tidy_ended()

    assert fetches == ["bytes=0-", "bytes=0-"]
    assert (damaged.state, damaged.attempt) == ("waiting", 1)
    check_result(hosts, assembly)


def delete_scratch(hosts: Hosts, assembly: dict[str, Any]) -> None:
    for key in hosts.objects(scratch_of(assembly)):
        hosts.server.client.delete_object(Bucket=hosts.bucket, Key=key)


AGAIN = {"again": {"robot": "/file/compress", "use": "packed", "format": "zip"}}
PASSED = {"passed": {"robot": "/file/filter", "use": "packed", "accepts": [["${file.ext}", "=", "zip"]]}}


@pytest.mark.parametrize(
    ("further", "jobs_before"),
    [
        pytest.param({}, 1, id="to-be-stored"),
        pytest.param(AGAIN, 1, id="to-be-worked-on"),
        pytest.param({**PASSED, "again": {**AGAIN["again"], "use": "passed"}}, 2, id="handed-on"),
    ],
)
def test_f100_scratch_deleted_behind_our_back_is_made_again(
    hosts: Hosts, further: dict[str, Any], jobs_before: int
) -> None:
    """F100: each result is there once, with the bytes that its digest is of."""
    assembly = uploaded(hosts, {**PACK_AND_STORE, **further})
    for _ in range(jobs_before):
        assert hosts.worker.runner().run_once()
    delete_scratch(hosts, assembly)

    hosts.work(hosts.ingest)

    status = hosts.ingest.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert {len(files) for files in status["results"].values()} == {1}
    (packed,) = (hosts.content(key) for key in hosts.objects("packed/"))
    assert unpacked(packed) == BYTES
    assert hashlib.md5(packed).hexdigest() == status["results"]["packed"][0]["md5hash"]


def test_f109_nothing_is_made_again_while_a_host_has_another_release(hosts: Hosts) -> None:
    """F109: it would add the files a second time. The job waits until all hosts have this one."""
    assembly = uploaded(hosts)
    assert hosts.worker.runner().run_once()
    delete_scratch(hosts, assembly)
    report(hosts.ingest, "older", WORKER)

    assert hosts.ingest.runner().run_once()
    made, stored = (jobs_of(hosts.ingest, assembly)[node] for node in ("packed", "exported"))
    with hosts.ingest.database.write() as session:
        leave(session, "older")
    hosts.ingest.clock.advance(AWAY_SECONDS)
    hosts.work(hosts.ingest)

    assert (made.state, stored.state, stored.attempt) == ("done", "waiting", 0)
    assert hosts.ingest.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


def test_f100_file_that_was_stored_is_found_there_when_its_scratch_is_deleted(hosts: Hosts) -> None:
    """F100: it is not made again."""
    assembly = uploaded(hosts, {**PACK_AND_STORE, "again": {**AGAIN["again"], "use": "exported"}})
    while not hosts.objects("packed/"):
        assert hosts.worker.runner().run_once()
    delete_scratch(hosts, assembly)

    hosts.work(hosts.ingest)

    assert hosts.ingest.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert jobs_of(hosts.ingest, assembly)["packed"].fence == 1


def test_f100_scratch_that_is_deleted_each_time_is_told(hosts: Hosts) -> None:
    """F100, S48"""
    assembly = uploaded(hosts, {**UPLOAD_ONLY, "packed": PACK_AND_STORE["packed"], **AGAIN})
    for _ in range(hosts.ingest.settings.job_attempts):
        # Made at one host, and never found by the other.
        assert hosts.worker.runner().run_once()
        delete_scratch(hosts, assembly)
        assert hosts.ingest.runner().run_once()

    status = hosts.ingest.status(assembly)
    assert status["error"] == "INTERNAL_COMMAND_ERROR"
    assert status["message"].startswith("The bytes of ")


def test_scratch_deleted_behind_our_back_is_no_loss_at_the_host_that_made_it(hosts: Hosts) -> None:
    """S48"""
    assembly = uploaded(hosts)
    assert hosts.worker.runner().run_once()
    for key in hosts.objects(scratch_of(assembly)):
        hosts.server.client.delete_object(Bucket=hosts.bucket, Key=key)

    hosts.work(hosts.worker)
    hosts.ingest.cleanup.tidy_ended()

    check_result(hosts, assembly)


def test_job_waits_for_a_bucket_that_is_away(hosts: Hosts, s3_faults: Faults) -> None:
    """F60"""
    steps = {**PACK_AND_STORE, "again": {"robot": "/file/compress", "use": "packed", "format": "zip"}}
    assembly = uploaded(hosts, steps)
    assert hosts.worker.runner().run_once()
    s3_faults.rule = always(Refusal(503, "ServiceUnavailable"))

    assert hosts.ingest.runner().run_once()
    s3_faults.rule = none
    hosts.ingest.clock.advance(60)
    hosts.work(hosts.ingest)

    assert hosts.ingest.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


def test_result_waits_for_a_bucket_that_is_away(hosts: Hosts, s3_faults: Faults) -> None:
    """F60: its work is done again, as often as it has to be."""
    assembly = uploaded(hosts, {**UPLOAD_ONLY, "packed": PACK_AND_STORE["packed"]})
    s3_faults.rule = always(Refusal(503, "ServiceUnavailable"))
    for _ in range(hosts.worker.settings.job_attempts + 1):
        assert hosts.worker.runner().run_once()
        hosts.worker.clock.advance(AWAY_SECONDS)
    waiting = jobs_of(hosts.ingest, assembly)["packed"]

    s3_faults.rule = none
    hosts.work(hosts.worker)

    assert (waiting.state, waiting.attempt) == ("waiting", 0)
    assert hosts.ingest.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


def test_result_that_comes_too_late_is_dropped_and_swept(
    hosts: Hosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F62: its lease had ended, and the assembly was cancelled and tidied up."""
    assembly = uploaded(hosts)
    leave = type(hosts.worker.parts.files.job_files).leave

    def leave_late(*arguments: Any, **options: Any) -> Any:
        hosts.ingest.client.delete(f"/assemblies/{assembly['assembly_id']}", data=hosts.ingest.signed({}))
        hosts.ingest.cleanup.tidy_ended()
        return leave(*arguments, **options)

    monkeypatch.setattr(type(hosts.worker.parts.files.job_files), "leave", leave_late)

    assert hosts.worker.runner().run_once()
    orphans = hosts.objects()
    hosts.worker.cleanup.sweep_files()

    assert len(orphans) == 1
    assert hosts.objects() == []
    assert hosts.ingest.status(assembly)["ok"] == "ASSEMBLY_CANCELED"


def test_result_that_no_step_stored_is_served_by_any_host_for_its_day(hosts: Hosts) -> None:
    """S49"""
    steps = {**UPLOAD_ONLY, "packed": PACK_AND_STORE["packed"]}
    assembly = uploaded(hosts, steps)
    hosts.work(hosts.worker)
    hosts.ingest.cleanup.tidy_ended()
    (result,) = hosts.ingest.status(assembly)["results"]["packed"]

    location = hosts.ingest.get(result["url"]).headers["Location"]
    hosts.ingest.cleanup.sweep_files()
    with urllib.request.urlopen(location) as answer:
        served = answer.read()
    hosts.ingest.clock.advance(25 * 3600)
    hosts.ingest.cleanup.sweep_files()

    assert unpacked(served) == BYTES
    assert hosts.objects() == []


def test_w77_result_is_as_harmless_at_the_bucket_as_at_a_host(hosts: Hosts) -> None:
    assembly = uploaded(hosts, {**UPLOAD_ONLY, "packed": PACK_AND_STORE["packed"]})
    hosts.work(hosts.worker)
    (result,) = hosts.ingest.status(assembly)["results"]["packed"]
    link_ends = int(parse_qs(urlsplit(result["url"]).query)["expires"][0])
    hosts.ingest.clock.advance(link_ends - hosts.ingest.clock() - 600)

    location = hosts.ingest.get(result["url"]).headers["Location"]

    with urllib.request.urlopen(location) as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["Content-Type"] == "application/octet-stream"
    assert int(parse_qs(urlsplit(location).query)["X-Amz-Expires"][0]) <= 600


def test_deleting_an_ended_assembly_removes_its_results_from_the_bucket(hosts: Hosts) -> None:
    """S49"""
    steps = {**UPLOAD_ONLY, "packed": PACK_AND_STORE["packed"]}
    assembly = uploaded(hosts, steps)
    hosts.work(hosts.worker)
    hosts.ingest.cleanup.tidy_ended()
    (result,) = hosts.ingest.status(assembly)["results"]["packed"]

    hosts.ingest.client.delete(f"/assemblies/{assembly['assembly_id']}", data=hosts.ingest.signed({}))
    answer = hosts.ingest.get(result["url"])
    hosts.ingest.cleanup.sweep_files()

    assert answer.status_code == 404
    assert hosts.objects() == []


def test_uploads_are_kept_by_their_host_and_tidied_up_by_another_only_when_it_is_gone(hosts: Hosts) -> None:
    """F63"""
    assembly = uploaded(hosts)
    hosts.work(hosts.worker)

    assert not hosts.worker.cleanup.tidy_ended()
    hosts.worker.clock.advance(3601)
    assert hosts.worker.cleanup.tidy_ended()

    assert hosts.objects(scratch_of(assembly)) == []


def test_folders_of_jobs_go_once_another_host_has_tidied_up(hosts: Hosts) -> None:
    """F63"""
    assembly = uploaded(hosts)
    hosts.work(hosts.worker)
    folder = hosts.worker.settings.tmp_dir / folder_name(assembly["assembly_id"])
    os.utime(folder, (hosts.worker.clock(), hosts.worker.clock()))
    hosts.worker.cleanup.remove_strays()
    was_kept = folder.exists()

    hosts.ingest.cleanup.tidy_ended()
    hosts.worker.cleanup.remove_strays()

    assert was_kept
    assert not folder.exists()


def test_parts_that_came_to_different_hosts_become_one_file(hosts: Hosts) -> None:
    """S54"""
    assembly = hosts.ingest.assembly(steps=PACK_AND_STORE)
    half = len(BYTES) // 2
    parts = []
    for host, content in ((hosts.ingest, BYTES[:half]), (hosts.worker, BYTES[half:])):
        created = host.client.post(
            urlsplit(assembly["tus_url"]).path,
            headers={**host.tus, "Upload-Length": str(len(content)), "Upload-Concat": "partial"},
        )
        parts.append(urlsplit(created.headers["Location"]).path)
        assert host.patch(parts[-1], content).status_code == 204

    joined = hosts.worker.client.post(
        urlsplit(assembly["tus_url"]).path,
        headers={
            **hosts.worker.tus,
            "Upload-Concat": f"final;{' '.join(parts)}",
            "Upload-Metadata": upload_metadata(assembly["assembly_url"]),
        },
    )
    assert hosts.worker.runner(PROBE).run_once()
    hosts.work(hosts.worker)
    hosts.worker.cleanup.tidy_ended()

    assert joined.status_code == 201
    check_result(hosts, assembly)


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


def test_one_host_leaves_nothing_in_the_bucket_on_the_way(
    s3_faults: Faults, s3_bucket: str, tmp_path: Path
) -> None:
    """S50: a bucket alone changes nothing for a site of one machine."""
    engine = open_test_engine(tmp_path, **bucket_settings(s3_faults.server, s3_bucket))
    assembly = engine.assembly(steps=PACK_AND_STORE)
    engine.upload(assembly, BYTES)
    s3_faults.calls.clear()

    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert not [
        call for call in s3_faults.calls if "scratch" in call.path or "x-amz-copy-source" in call.headers
    ]
    assert not engine.settings.cache_dir.exists()
    engine.close()
