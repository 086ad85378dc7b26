"""Running a task: probe a fresh upload, or run a node of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from cattube_worker.assemblies.jobs.job_parts import Part
from cattube_worker.execution.job_files.job_files import Holding, JobFiles
from cattube_worker.execution.jobs.batch_turn import BatchTurn
from cattube_worker.execution.jobs.part_tasks import PartTasks, join, work_on_part
from cattube_worker.execution.jobs.running_jobs import RunningJob
from cattube_worker.execution.jobs.task import Task
from cattube_worker.execution.jobs.upload_probe import UploadProbe
from cattube_worker.execution.previews.live_previews import LivePreviews
from cattube_worker.execution.resources import Resources
from cattube_worker.execution.steps.dispatch import RunContext, execute
from cattube_worker.execution.steps.prepared_output import PreparedOutput
from cattube_worker.execution.steps.step_robot import AssemblyFacts
from cattube_worker.execution.streaming.streaming_encodes import StreamingEncodes
from cattube_worker.instructions.assembly_file import ORIGINAL_STEP, AssemblyFile
from cattube_worker.instructions.compile import Instructions, read_instructions
from cattube_worker.media.workspace import Workspace
from cattube_worker.tus.upload_files import upload_at

# Behind everything else on the machine: nobody waits for it.
BATCH_NICENESS = 19


@dataclass(frozen=True)
class CutJob:
    """The parts in which a job is to be run, in place of its files."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True)
class TaskRunner:
    """Makes the files of tasks.

    files: brings what other jobs left, and leaves what they need.
    streaming: knows what was made of an upload while it arrived. batch_turn: says when the tasks have to
    stand still; None where they are no batch work. part_tasks: says which videos are encoded in parts.
    """

    files: JobFiles
    upload_probe: UploadProbe
    resources: Resources
    streaming: StreamingEncodes
    live_previews: LivePreviews
    batch_turn: BatchTurn | None
    part_tasks: PartTasks

    def run(self, task: Task, running: RunningJob, folder: Path) -> list[AssemblyFile] | CutJob:
        """The files this task makes, in `folder` where they are new, or the parts that it is cut into.

        Raises AssemblyError, Stopped.
        """
        assembly_id, workspace = task.lease.assembly_id, self._workspace(task, running, folder)
        with ExitStack() as held:
            holding = Holding(assembly_id=assembly_id, held=held, stop=running.stop)
            if task.upload is not None:
                path = self.files.bring_upload(task.upload, holding)
                return [self.upload_probe.probe(task, task.upload, path, workspace)]
            instructions = read_instructions(task.steps)
            outputs = self._execute(task, instructions, running, workspace, holding)
            if isinstance(outputs, CutJob):
                return self._left_parts(task, outputs)
        if task.part is not None:
            return self.files.leave(assembly_id, outputs, steps={file.step for file in outputs})
        steps = instructions.plan.taken_steps | instructions.result_steps
        return self.files.leave(assembly_id, _with_own_paths(outputs, task.inputs), steps=steps)

    def _execute(
        self,
        task: Task,
        instructions: Instructions,
        running: RunningJob,
        workspace: Workspace,
        holding: Holding,
    ) -> list[AssemblyFile] | CutJob:
        node = instructions.plan.node(task.lease.node)
        context = RunContext(
            assembly=AssemblyFacts(
                id=task.lease.assembly_id,
                parent_id=task.parent_id,
                steps=instructions.steps,
                fields=task.fields,
                max_files=task.max_files,
                max_size_bytes=task.max_size_bytes,
            ),
            workspace=self._for_batch_work(workspace),
            prepared_output=lambda file, node: self._prepared_output(task, running, file, node.name),
            bring=lambda files: self.files.bring(files, holding),
        )
        if task.part is not None:
            return work_on_part(task.part, node, task.inputs[0], context)
        if task.parts:
            return join(task.parts, node, task.inputs[0], context)
        parts = self.part_tasks.cut(node, task.inputs, context) if task.may_cut else None
        return execute(node, task.inputs, context) if parts is None else CutJob(tuple(parts))

    def _left_parts(self, task: Task, cut: CutJob) -> CutJob:
        """The parts as every host finds them."""
        sources = [part.source for part in cut.parts]
        left = self.files.leave(task.lease.assembly_id, sources, steps={source.step for source in sources})
        parts = zip(cut.parts, left, strict=True)
        return CutJob(tuple(replace(part, source=source) for part, source in parts))

    def _workspace(self, task: Task, running: RunningJob, folder: Path) -> Workspace:
        return Workspace(
            folder=folder,
            tools=self.resources.tools,
            limits=self.resources.limits,
            report=running.report,
            stop=running.stop,
            stores=self.resources.stores,
            import_hosts=self.resources.import_hosts,
            room=self.resources.room,
            speech_model=self.resources.speech_model,
            on_ignored_error=running.on_ignored_error,
            warn=running.warn,
            publish=lambda folder: self.live_previews.publish(task.lease.assembly_id, folder),
        )

    def _for_batch_work(self, workspace: Workspace) -> Workspace:
        """The workspace in which batch work comes after all other; as it is for other work."""
        if self.batch_turn is None:
            return workspace
        limits = replace(workspace.limits, niceness=BATCH_NICENESS)
        return replace(workspace, limits=limits, must_pause=self.batch_turn.must_pause)

    def _prepared_output(
        self, task: Task, running: RunningJob, file: AssemblyFile, node: str
    ) -> PreparedOutput | None:
        """The output of a streaming encode of the file, waiting for its end. Raises Stopped."""
        if file.step != ORIGINAL_STEP or file.path is None:
            return None
        upload_id = upload_at(file.path, assembly_id=task.lease.assembly_id)
        return self.streaming.result(upload_id, node, report=running.report, stop=running.stop)


def _with_own_paths(outputs: Sequence[AssemblyFile], inputs: Sequence[AssemblyFile]) -> list[AssemblyFile]:
    """The outputs; those that are inputs handed on keep their place, wherever this job read them."""
    paths = {file.id: file.path for file in inputs}
    return [replace(file, path=paths[file.id]) if file.id in paths else file for file in outputs]
