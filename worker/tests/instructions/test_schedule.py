from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.plan import Plan, compile_plan
from cattube_worker.instructions.schedule import JobFacts, JobState, NewJob, is_finished, next_jobs
from cattube_worker.instructions.steps import read_steps


def file(
    file_id: str, step: str = ":original", *, field: str | None = None, origin: str = ""
) -> AssemblyFile:
    return AssemblyFile(
        id=file_id, step=step, path=Path("x"), name="x.mp4", basename="x", ext="mp4", size_bytes=1,
        mime="video/mp4", type="video", md5hash="", field=field, original_id=origin or file_id,
        original_name="x.mp4", original_basename="x", original_md5hash="",
    )  # fmt: skip


def job(node: str, *input_ids: str, state: JobState = "done") -> JobFacts:
    return JobFacts(node=node, input_ids=input_ids, state=state)


def new(node: str, *input_ids: str) -> NewJob:
    return NewJob(node=node, input_ids=input_ids)


def plan(**steps: Any) -> Plan:
    return compile_plan(read_steps(steps), may_fuse=False)


CHAIN = plan(
    a={"robot": "/video/encode"},
    b={"robot": "/video/thumbs", "use": "a"},
    kept={"robot": "/s3/store", "use": [":original", "b"]},
)


def test_each_upload_starts_a_job_of_every_node_that_uses_it() -> None:
    assert next_jobs(CHAIN, [file("1"), file("2")], []) == [
        new("a", "1"), new("a", "2"), new("kept", "1"), new("kept", "2"),
    ]  # fmt: skip


@pytest.mark.parametrize("state", ["waiting", "running", "done", "failed"])
def test_job_that_exists_is_not_started_again(state: JobState) -> None:
    assert next_jobs(CHAIN, [file("1")], [job("a", "1", state=state), job("kept", "1")]) == []


def test_result_starts_the_nodes_that_use_its_step() -> None:
    files = [file("1"), file("2", "a")]

    assert next_jobs(CHAIN, files, [job("a", "1"), job("kept", "1")]) == [new("b", "2")]


def test_plan_is_finished_when_all_jobs_ended_and_none_may_start() -> None:
    files = [file("1"), file("2", "a"), file("3", "b")]
    jobs = [job("a", "1"), job("kept", "1"), job("b", "2")]

    assert not is_finished(CHAIN, files, jobs)
    assert not is_finished(CHAIN, files, [*jobs, job("kept", "3", state="running")])
    assert is_finished(CHAIN, files, [*jobs, job("kept", "3")])


def test_job_without_outputs_ends_its_branch() -> None:
    assert is_finished(CHAIN, [file("1")], [job("a", "1"), job("kept", "1")])


def test_plan_without_uploads_is_finished() -> None:
    assert is_finished(CHAIN, [], [])


def test_step_after_a_store_starts_when_the_file_is_stored() -> None:
    stores = plan(kept={"robot": "/s3/store"}, again={"robot": "/s3/store", "use": "kept"})

    assert next_jobs(stores, [file("1")], [job("kept", "1", state="running")]) == []
    assert next_jobs(stores, [file("1")], [job("kept", "1")]) == [new("again", "1")]


def test_step_uses_files_of_its_form_field_only() -> None:
    by_field = plan(a={"robot": "/video/encode", "use": {"steps": [":original"], "fields": ["clip"]}})

    assert next_jobs(by_field, [file("1", field="clip"), file("2", field="logo")], []) == [new("a", "1")]


BUNDLE = plan(
    a={"robot": "/video/encode"},
    all={"robot": "/video/thumbs", "use": {"steps": [":original", "a"], "bundle_steps": True}},
)


def test_bundle_waits_for_all_its_steps_and_runs_once() -> None:
    files = [file("1"), file("2", "a")]

    assert next_jobs(BUNDLE, files, [job("a", "1", state="running")]) == []
    assert next_jobs(BUNDLE, files, [job("a", "1")]) == [new("all", "1", "2")]


def test_bundle_without_files_never_runs() -> None:
    empty = plan(
        a={"robot": "/video/encode"},
        all={"robot": "/video/thumbs", "use": {"steps": ["a"], "bundle_steps": True}},
    )

    assert is_finished(empty, [file("1")], [job("a", "1")])


def test_bundle_by_original_runs_once_for_each_upload() -> None:
    grouped = plan(
        a={"robot": "/video/encode"},
        merged={"robot": "/video/thumbs", "use": {"steps": [":original", "a"], "group_by_original": True}},
    )
    files = [file("1"), file("2"), file("3", "a", origin="1"), file("4", "a", origin="2")]

    assert next_jobs(grouped, files, [job("a", "1"), job("a", "2")]) == [
        new("merged", "1", "3"), new("merged", "2", "4"),
    ]  # fmt: skip


def test_file_is_the_same_after_its_way_through_the_database() -> None:
    original = file("1", field="clip")

    assert AssemblyFile.from_json({**original.to_json(), "unknown": 1}) == original
