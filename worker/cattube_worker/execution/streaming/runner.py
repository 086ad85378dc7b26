"""Encoding uploads while they arrive, one after the other.

Nothing here decides about an assembly. What is made lies ready for the job that would make it, which takes
it only if the whole file proves it right; a worker that dies in the middle loses time and nothing else.
"""

from __future__ import annotations

import logging
import shutil
import uuid
from dataclasses import dataclass, replace
from pathlib import Path

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.model import Upload
from cattube_worker.engine import Engine
from cattube_worker.errors import AssemblyError
from cattube_worker.execution import leases
from cattube_worker.execution.running_jobs import RunningJob
from cattube_worker.execution.steps.dispatch import media_step
from cattube_worker.execution.steps.media import MediaStep, fingerprints_of, frames_of, plan_steps
from cattube_worker.execution.steps.prepared_output import PreparedOutput
from cattube_worker.execution.streaming.choice import streaming_node
from cattube_worker.execution.streaming.growing_file import GrowingFile, NotStreamable, Stalled
from cattube_worker.execution.streaming.offers import StreamingEncode
from cattube_worker.execution.streaming.pipe_writer import PipeWriter
from cattube_worker.execution.streaming.stream_layout import StreamLayout, find_layout
from cattube_worker.instructions.compile import read_instructions
from cattube_worker.instructions.plan import Node
from cattube_worker.media.encode.command import Piped
from cattube_worker.media.encode.render import Workspace, check_limits
from cattube_worker.media.encode.render_piped import render_piped
from cattube_worker.media.encode.stream_copy import Copyable, copyable
from cattube_worker.media.inspect.metadata import VideoFacts, has_video, meta_of
from cattube_worker.media.inspect.probe import probe
from cattube_worker.media.process.run import Stopped

log = logging.getLogger(__name__)
# Behind the encoders of whole files, which stand back for the web server only.
NICENESS = 10


@dataclass(frozen=True, kw_only=True)
class _Order:
    """An upload under way, and the node to make of it."""

    upload_id: str
    assembly_id: str
    size_bytes: int
    node: Node


class StreamingRunner:
    """Encodes the uploads that the engine's requests offer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def run_once(self) -> bool:
        """Take one offer up, if there is one and no whole file waits; whether there was one."""
        engine = self._engine
        if not engine.streaming.has_offers():
            return False
        with engine.database.read() as session:
            if leases.any_waits(session, now=engine.clock()):
                return False
        upload_id = engine.streaming.take()
        order = _find_order(engine, upload_id) if upload_id else None
        if order is not None:
            self._follow(order)
        return upload_id is not None

    def _follow(self, order: _Order) -> None:
        """The one place where everything is caught: whatever happens, the whole file is encoded later."""
        engine = self._engine
        folder = engine.settings.tmp_dir / order.assembly_id / f"early.{uuid.uuid4().hex}"
        is_kept = False
        try:
            with engine.running.register(folder.name, order.assembly_id, 0) as running:
                is_kept = self._encode(order, folder, running)
        except Stalled as error:
            engine.streaming.forget(order.upload_id)
            log.info("upload of assembly %s is not waited for any longer: %s", order.assembly_id, error)
        except (NotStreamable, Stopped, AssemblyError) as error:
            log.info("upload of assembly %s is encoded when it is whole: %s", order.assembly_id, error)
        except Exception:
            log.exception("upload of assembly %s could not be encoded early", order.assembly_id)
        if not is_kept:
            shutil.rmtree(folder, ignore_errors=True)
            engine.live_previews.withdraw(order.assembly_id, below=folder)

    def _encode(self, order: _Order, folder: Path, running: RunningJob) -> bool:
        """Whether files were made that wait for their job. Raises GaveUp, Stalled, Stopped, AssemblyError."""
        engine = self._engine
        encode = StreamingEncode(node=order.node.name, folder=folder, progress=lambda: running.progress)
        with GrowingFile(
            engine.upload_files.path(order.upload_id),
            size_bytes=order.size_bytes,
            stall_seconds=engine.settings.early_stall_seconds,
            stop=running.stop,
        ) as upload:
            view = find_layout(upload, engine.index_files.get(order.upload_id))
            if view is None:
                return False
            folder.mkdir(parents=True)
            with engine.streaming.keep(order.upload_id, encode):
                if _find_order(engine, order.upload_id) is None:  # Its job may not have found this anymore.
                    raise NotStreamable("it is whole already")
                encode.made = self._made(order, upload, view, self._workspace(order, folder, running))
        return True

    def _made(
        self, order: _Order, upload: GrowingFile, view: StreamLayout, workspace: Workspace
    ) -> PreparedOutput:
        picture, kept = _picture(upload, view, workspace)
        check_limits(picture, name=order.upload_id, limits=workspace.limits)
        steps = self._steps(order.node, workspace.folder)
        planned = plan_steps(frames_of(picture, kept, workspace.tools), steps, workspace.folder)
        branches = [each.branch for each in planned]
        with PipeWriter(upload, view, workspace.stop) as feeder:
            source = Piped(view.demuxer)
            try:
                paths = render_piped(source, feeder.take_stdin, picture, branches, workspace=workspace)
            except Stopped as error:
                raise feeder.gave_up or error from None
        return PreparedOutput(
            folder=workspace.folder,
            md5hash=feeder.md5hash(),
            picture=picture,
            fingerprints=fingerprints_of(planned),
            paths=paths,
        )

    def _steps(self, node: Node, folder: Path) -> list[MediaStep]:
        robots = {step.name: step.params for step in node.steps}
        hosts = self._engine.settings.trusted_hosts
        return [media_step(step, robots, folder, mark=None, trusted_hosts=hosts) for step in node.steps]

    def _workspace(self, order: _Order, folder: Path, running: RunningJob) -> Workspace:
        engine = self._engine
        return Workspace(
            folder=folder,
            tools=engine.tools,
            limits=replace(engine.limits, niceness=NICENESS),
            report=running.report,
            stop=running.stop,
            publish=lambda folder: engine.live_previews.publish(order.assembly_id, folder),
        )


def _find_order(engine: Engine, upload_id: str) -> _Order | None:
    """What to make of the upload; None when it is whole or gone, or when nothing can be made early."""
    with engine.database.read() as session:
        upload = session.get(Upload, upload_id)
        if upload is None or upload.finished_at is not None or upload.size_bytes is None:
            return None
        assembly = repository.get(session, upload.assembly_id)
        if assembly.is_final:
            return None
        node = streaming_node(read_instructions(assembly.steps).plan, fieldname=upload.fieldname)
    if node is None:
        return None
    return _Order(upload_id=upload_id, assembly_id=assembly.id, size_bytes=upload.size_bytes, node=node)


def _picture(upload: GrowingFile, view: StreamLayout, workspace: Workspace) -> tuple[VideoFacts, Copyable]:
    """What there is to see, and what of it can be kept, by the first bytes and by the means for whole files.

    Raises GaveUp, Stalled.
    """
    head = workspace.folder / "head"
    head.write_bytes(b"".join(view.shown(0, upload.read(0, view.head_bytes))))
    document = probe(head, tools=workspace.tools, limits=workspace.limits)
    head.unlink()
    meta = meta_of(document) if document and has_video(document) else {}
    picture = VideoFacts.from_meta(meta)
    if picture is None or not picture.duration_seconds:
        raise NotStreamable("its first bytes do not tell what it is")
    return picture, copyable(meta, mime=view.mime)
