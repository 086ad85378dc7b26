"""What one job does: look at a fresh upload, or run a node of the plan."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.addresses import tus_url
from cattube_worker.assemblies.model import Upload
from cattube_worker.assemblies.original_file import original_file
from cattube_worker.engine import Engine
from cattube_worker.errors import JobFailed
from cattube_worker.execution.leases import Lease
from cattube_worker.execution.running_jobs import RunningJob
from cattube_worker.execution.steps.dispatch import AssemblyFacts, RunContext, execute
from cattube_worker.execution.steps.file_metadata import MetadataReader, add_extended_metadata, add_user_meta
from cattube_worker.execution.steps.prepared_output import PreparedOutput
from cattube_worker.instructions.assembly_file import ORIGINAL_STEP, AssemblyFile
from cattube_worker.instructions.compile import read_instructions
from cattube_worker.instructions.variables import Scope
from cattube_worker.media.inspect.probe import describe

# Behind everything else on the machine: nobody waits for it.
BATCH_NICENESS = 19


@dataclass(frozen=True, kw_only=True)
class Task:
    """A leased job with all it needs from the database.

    upload: set when the job is to look at one; then there are no inputs.
    """

    lease: Lease
    steps: str
    parent_id: str | None
    fields: dict[str, Any]
    base_url: str
    max_files: int
    max_size_bytes: int
    inputs: tuple[AssemblyFile, ...]
    upload: Upload | None


def load_task(engine: Engine, lease: Lease) -> Task:
    """The task behind a lease."""
    with engine.database.read() as session:
        assembly = repository.get(session, lease.assembly_id)
        files = {file.id: file for file in repository.files_of(session, lease.assembly_id)}
        is_probe = lease.node == ORIGINAL_STEP
        return Task(
            lease=lease,
            steps=assembly.steps,
            parent_id=assembly.parent_id,
            fields=assembly.fields,
            base_url=assembly.base_url,
            max_files=assembly.max_files,
            max_size_bytes=assembly.max_size_bytes,
            inputs=() if is_probe else tuple(files[file_id] for file_id in lease.input_ids),
            upload=session.get(Upload, lease.input_ids[0]) if is_probe else None,
        )


def do(engine: Engine, task: Task, running: RunningJob, folder: Path) -> list[AssemblyFile]:
    """The files this job makes, in `folder` where they are new. Raises AssemblyError, Stopped."""
    if task.upload is not None:
        return [_probed_upload(engine, task, task.upload, running)]
    for file in task.inputs:
        if file.path is not None and not file.path.exists():
            raise JobFailed(f"The bytes of {file.name} are gone.", code="INTERNAL_COMMAND_ERROR")
    instructions = read_instructions(task.steps)
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
        folder=folder,
        stores=engine.stores,
        trusted_hosts=engine.settings.trusted_hosts,
        tools=engine.tools,
        limits=replace(engine.limits, niceness=BATCH_NICENESS) if node.is_batch else engine.limits,
        report=running.report,
        stop=running.stop,
        on_ignored_error=running.on_ignored_error,
        prepared_output=lambda file, node: _prepared_output(engine, running, file, node.name),
        publish=lambda folder: engine.live_previews.publish(task.lease.assembly_id, folder),
    )
    return execute(node, task.inputs, context)


def _prepared_output(
    engine: Engine, running: RunningJob, file: AssemblyFile, node: str
) -> PreparedOutput | None:
    """What was made of an upload while it arrived, waiting for its end. Raises Stopped."""
    if file.step != ORIGINAL_STEP or file.path is None:
        return None
    # The bytes of an upload lie under its id.
    return engine.streaming.result(file.path.name, node, report=running.report, stop=running.stop)


def _probed_upload(engine: Engine, task: Task, upload: Upload, running: RunningJob) -> AssemblyFile:
    """The upload as the step ":original" wants it. Raises MetaFailed."""
    step = read_instructions(task.steps).steps[ORIGINAL_STEP]
    file = probe_upload(engine, upload, base_url=task.base_url)
    if step.params.output_meta is False:
        file = replace(file, meta={})
    metadata_reader = MetadataReader(
        tools=engine.tools, limits=engine.limits, on_ignored_error=running.on_ignored_error
    )
    file = add_extended_metadata(file, step, metadata_reader)
    scope = Scope(
        assembly_id=task.lease.assembly_id,
        parent_id=task.parent_id,
        fields=task.fields,
        file=file,
        now_ms=int(engine.clock() * 1000),
    )
    return add_user_meta(file, step, scope)


def original_id(upload: Upload) -> str:
    """The id of the file that an upload becomes: the same however often it is looked at."""
    return uuid.uuid5(uuid.NAMESPACE_URL, upload.id).hex


def probe_upload(engine: Engine, upload: Upload, *, base_url: str) -> AssemblyFile:
    """The upload as a file of the assembly, with what it really is."""
    path = engine.upload_files.path(upload.id)
    facts = describe(
        path,
        name=upload.filename,
        tools=engine.tools,
        limits=engine.limits,
        digest=lambda path: engine.digests.take(upload.id, path),
    )
    return original_file(
        path,
        facts,
        file_id=original_id(upload),
        name=upload.filename,
        field=upload.fieldname,
        user_meta=upload.user_meta,
        tus_upload_url=tus_url(base_url) + upload.id if upload.is_tus else None,
    )
