"""Which jobs may start: data flow over the plan, decided from facts alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.plan import Node, Plan

JobState = Literal["waiting", "running", "done", "failed"]


@dataclass(frozen=True, kw_only=True)
class JobFacts:
    """A job that exists already."""

    node: str
    input_ids: tuple[str, ...]
    state: JobState


@dataclass(frozen=True, kw_only=True)
class NewJob:
    """A job that may start now."""

    node: str
    input_ids: tuple[str, ...]


def next_jobs(plan: Plan, files: Sequence[AssemblyFile], jobs: Sequence[JobFacts]) -> list[NewJob]:
    """The jobs whose inputs are there and which do not exist yet, in plan order.

    files: every upload (all of them: ask only once uploading has ended) and every result so far.
    """
    flow = _Flow(plan, files, jobs)
    known = {(job.node, job.input_ids) for job in jobs}
    wanted = [NewJob(node=node.name, input_ids=ids) for node in plan.nodes for ids in flow.inputs(node)]
    return [job for job in wanted if (job.node, job.input_ids) not in known]


def is_finished(plan: Plan, files: Sequence[AssemblyFile], jobs: Sequence[JobFacts]) -> bool:
    """Whether every job that these files will ever cause has ended."""
    return all(job.state in ("done", "failed") for job in jobs) and not next_jobs(plan, files, jobs)


class _Flow:
    """The files each step has given so far."""

    def __init__(self, plan: Plan, files: Sequence[AssemblyFile], jobs: Sequence[JobFacts]) -> None:
        self._plan, self._files, self._jobs = plan, files, jobs

    def inputs(self, node: Node) -> list[tuple[str, ...]]:
        if node.is_import:
            return [()]
        files = self._used_by(node)
        if not node.is_bundle:
            return [(file.id,) for file in files]
        if not files or not self._all_given(node):
            return []
        if not node.group_by_original:
            return [tuple(file.id for file in files)]
        origins = dict.fromkeys(file.original_id for file in files)
        return [tuple(file.id for file in files if file.original_id == origin) for origin in origins]

    def _used_by(self, node: Node) -> list[AssemblyFile]:
        found: dict[str, AssemblyFile] = {}
        for use in node.uses:
            for file in self._given_by(use.step):
                if not use.fields or file.field in use.fields:
                    found.setdefault(file.id, file)
        return list(found.values())

    def _given_by(self, step: str) -> list[AssemblyFile]:
        """A store step makes no files: what it gives is what went through it."""
        node = self._plan.node_of(step)
        if node is None or not node.passes_through:
            return [file for file in self._files if file.step == step]
        through = {
            file_id
            for job in self._jobs
            if job.node == node.name and job.state == "done"
            for file_id in job.input_ids
        }
        return [file for file in self._files if file.id in through]

    def _all_given(self, node: Node) -> bool:
        """Whether none of the steps a bundle waits for can give another file."""
        sources = [self._plan.node_of(use.step) for use in node.uses]
        return all(self._is_over(source) for source in sources if source is not None)

    def _is_over(self, node: Node) -> bool:
        jobs = {job.input_ids: job.state for job in self._jobs if job.node == node.name}
        if any(jobs.get(ids) not in ("done", "failed") for ids in self.inputs(node)):
            return False
        return self._all_given(node)
