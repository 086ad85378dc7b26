"""Schedule: the jobs that may start, decided from the plan, the files and the jobs so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.plan import Node, Plan

JobState = Literal["waiting", "running", "done", "failed"]


@dataclass(frozen=True, kw_only=True)
class JobFacts:
    """State of a job that exists."""

    node: str
    input_ids: tuple[str, ...]
    state: JobState


@dataclass(frozen=True, kw_only=True)
class NewJob:
    """A job that may start now."""

    node: str
    input_ids: tuple[str, ...]


def next_jobs(plan: Plan, files: Sequence[AssemblyFile], jobs: Sequence[JobFacts]) -> list[NewJob]:
    """Jobs whose inputs are there and which do not exist yet, in plan order.

    files: every upload (so not to be called before uploading has ended), and every result so far.
    """
    flow = _Flow(plan, files, jobs)
    existing = {(job.node, job.input_ids) for job in jobs}
    possible = [NewJob(node=node.name, input_ids=ids) for node in plan.nodes for ids in flow.inputs(node)]
    return [job for job in possible if (job.node, job.input_ids) not in existing]


def is_finished(plan: Plan, files: Sequence[AssemblyFile], jobs: Sequence[JobFacts]) -> bool:
    """True when every job has ended, and no further one will start."""
    return all(job.state in ("done", "failed") for job in jobs) and not next_jobs(plan, files, jobs)


class _Flow:
    """Flow of files along the plan: the outputs of each step so far."""

    def __init__(self, plan: Plan, files: Sequence[AssemblyFile], jobs: Sequence[JobFacts]) -> None:
        self._plan, self._files, self._jobs = plan, files, jobs

    def inputs(self, node: Node) -> list[tuple[str, ...]]:
        """Ids of input files, one tuple for each job of the node."""
        if node.is_import:
            return [()]
        files = self._inputs_of(node)
        if not node.is_bundle:
            return [(file.id,) for file in files]
        if not files or not self._are_sources_done(node):
            return []
        if not node.group_by_original:
            return [tuple(file.id for file in files)]
        origins = dict.fromkeys(file.original_id for file in files)
        return [tuple(file.id for file in files if file.original_id == origin) for origin in origins]

    def _inputs_of(self, node: Node) -> list[AssemblyFile]:
        inputs: dict[str, AssemblyFile] = {}
        for use in node.uses:
            for file in self._outputs_of(use.step):
                if not use.fields or file.field in use.fields:
                    inputs.setdefault(file.id, file)
        return list(inputs.values())

    def _outputs_of(self, step: str) -> list[AssemblyFile]:
        """Files of the step; of a store step, which makes none, those that it has stored."""
        node = self._plan.node_of(step)
        if node is None or not node.passes_through:
            return [file for file in self._files if file.step == step]
        stored = {
            file_id
            for job in self._jobs
            if job.node == node.name and job.state == "done"
            for file_id in job.input_ids
        }
        return [file for file in self._files if file.id in stored]

    def _are_sources_done(self, node: Node) -> bool:
        """True when none of the nodes that a bundle waits for will have another file."""
        sources = [self._plan.node_of(use.step) for use in node.uses]
        return all(self._is_done(source) for source in sources if source is not None)

    def _is_done(self, node: Node) -> bool:
        jobs = {job.input_ids: job.state for job in self._jobs if job.node == node.name}
        if any(jobs.get(ids) not in ("done", "failed") for ids in self.inputs(node)):
            return False
        return self._are_sources_done(node)
