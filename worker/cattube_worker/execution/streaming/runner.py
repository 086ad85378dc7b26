"""Encoding uploads while they arrive, one after the other.

Nothing here decides about an assembly. The output lies ready for the job that would make it, which takes it
only if it fits the whole file; a worker that dies in the middle loses time and nothing else.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.jobs import turns
from cattube_worker.assemblies.model import Upload
from cattube_worker.errors import AssemblyError
from cattube_worker.execution.jobs import leases
from cattube_worker.execution.jobs.jobs import Jobs
from cattube_worker.execution.jobs.running_jobs import Need, RunningJob
from cattube_worker.execution.resources import Resources
from cattube_worker.execution.steps.dispatch import frame_steps
from cattube_worker.execution.steps.frames import fingerprints_of, frames_of, plan_steps
from cattube_worker.execution.steps.prepared_output import PreparedOutput
from cattube_worker.execution.steps.quick_branches import quick_branches
from cattube_worker.execution.streaming.growing_file import GrowingFile, NotStreamable, Stalled
from cattube_worker.execution.streaming.index_files import IndexFiles
from cattube_worker.execution.streaming.pipe_writer import PipeWriter
from cattube_worker.execution.streaming.remote_uploads import RemoteUploads
from cattube_worker.execution.streaming.stream_layout import SentIndex, StreamLayout, find_layout
from cattube_worker.execution.streaming.streaming_encodes import StreamingEncode, StreamingEncodes
from cattube_worker.execution.streaming.streaming_node import streaming_node
from cattube_worker.instructions.compile import read_instructions
from cattube_worker.instructions.plan import Node
from cattube_worker.media.encode.command import PipeInput
from cattube_worker.media.encode.filters.branches import Branch
from cattube_worker.media.encode.render import QuickStart, check_limits, render_branches
from cattube_worker.media.encode.stream_copy import Copyable, copyable
from cattube_worker.media.inspect.metadata import has_video, meta_of
from cattube_worker.media.inspect.probe import probe
from cattube_worker.media.inspect.video_facts import VideoFacts
from cattube_worker.media.process.run import Stopped
from cattube_worker.media.workspace import Workspace
from cattube_worker.tus.upload_files import UploadFiles

log = logging.getLogger(__name__)
# Behind the encoders of whole files, which stand back for the web server only.
NICENESS = 10


@dataclass(frozen=True, kw_only=True)
class _StreamedUpload:
    """An upload whose bytes arrive, and the node that can encode it meanwhile."""

    row: Upload
    size_bytes: int
    node: Node

    @property
    def upload_id(self) -> str:
        return self.row.id

    @property
    def assembly_id(self) -> str:
        return self.row.assembly_id


@dataclass(frozen=True, kw_only=True)
class StreamingRunner:
    """Encodes the uploads that requests offer.

    stall_seconds: a pause of an upload that is waited out. remote: None on the only host.
    """

    jobs: Jobs
    upload_files: UploadFiles
    index_files: IndexFiles
    streaming: StreamingEncodes
    resources: Resources
    stall_seconds: float
    remote: RemoteUploads | None = None

    def run_once(self) -> bool:
        """Take one offer up, if there is one and no whole file waits, and tell if there was one."""
        if not self.streaming.has_offers():
            return False
        with self.jobs.database.read() as session:
            if leases.any_waits(session, reach=self.jobs.reach, now=self.jobs.clock()):
                return False
        upload_id = self.streaming.take(self._next)
        upload = self._find(upload_id) if upload_id else None
        if upload is not None:
            self._try_to_encode(upload)
        return upload_id is not None

    def _next(self, offers: Sequence[str]) -> str:
        """The upload of the person whose turn it is, which counts as taken."""
        with self.jobs.database.read() as session:
            owners = turns.owners_of(session, offers)
        upload_id = self.jobs.turns.first({upload_id: owners.get(upload_id, "") for upload_id in offers})
        self.jobs.turns.serve(owners.get(upload_id, ""))
        return upload_id

    def _find(self, upload_id: str) -> _StreamedUpload | None:
        """The upload, unless it is whole or gone, or no node can begin before it is whole."""
        with self.jobs.database.read() as session:
            upload = session.get(Upload, upload_id)
            if upload is None or upload.finished_at is not None or upload.size_bytes is None:
                return None
            assembly = repository.get(session, upload.assembly_id)
            if assembly.is_final:
                return None
            node = streaming_node(read_instructions(assembly.steps).plan, fieldname=upload.fieldname)
        if node is None:
            return None
        return _StreamedUpload(row=upload, size_bytes=upload.size_bytes, node=node)

    def _try_to_encode(self, upload: _StreamedUpload) -> None:
        """Encode the upload. Everything is caught here: whatever happens, the whole file is encoded later."""
        folder = self.jobs.folders.streaming_path(upload.assembly_id)
        has_output = False
        try:
            # Of one elsewhere there may be nothing yet that needs the processors.
            need = Need.NONE if self._is_elsewhere(upload) else Need.AWAITED
            with self.jobs.running.register(folder.name, upload.assembly_id, 0, need=need) as running:
                has_output = self._encode(upload, folder, running)
        except Stalled as error:
            self.streaming.forget(upload.upload_id)
            log.info("upload of assembly %s is not waited for any longer: %s", upload.assembly_id, error)
        except (NotStreamable, Stopped, AssemblyError) as error:
            log.info("upload of assembly %s is encoded when it is whole: %s", upload.assembly_id, error)
        except Exception:
            log.exception("upload of assembly %s could not be encoded early", upload.assembly_id)
        if not has_output:
            self.jobs.folders.remove(upload.assembly_id, folder)

    def _is_elsewhere(self, upload: _StreamedUpload) -> bool:
        return self.remote is not None and self.remote.is_elsewhere(upload.row)

    def _encode(self, upload: _StreamedUpload, folder: Path, running: RunningJob) -> bool:
        """Make the output that waits for its job, and tell if there is one.

        Raises NotStreamable, Stalled, Stopped, AssemblyError.
        """
        encode = StreamingEncode(node=upload.node.name, folder=folder, progress=lambda: running.progress)
        with (
            self._arriving(upload, running.stop) as (path, index),
            GrowingFile(
                path, size_bytes=upload.size_bytes, stall_seconds=self.stall_seconds, stop=running.stop
            ) as file,
        ):
            layout = find_layout(file, index)
            if layout is None:
                return False
            running.need = Need.AWAITED
            folder.mkdir(parents=True)
            with self.streaming.keep(upload.upload_id, encode):
                if self._find(upload.upload_id) is None:  # Its job may not have seen this encode anymore.
                    raise NotStreamable("it is whole already")
                encode.output = self._render(upload, file, layout, self._workspace(upload, folder, running))
        return True

    @contextmanager
    def _arriving(self, upload: _StreamedUpload, stop: Event) -> Iterator[tuple[Path, SentIndex | None]]:
        """The file that grows, and the index that was sent ahead of it. Raises NotStreamable."""
        here = (self.upload_files.path(upload.upload_id), self.index_files.get(upload.upload_id))
        if self.remote is None:
            yield here
            return
        if self._is_elsewhere(upload):
            self.remote.check_arrives(upload.row, stop)
        with self.remote.taken(upload.row, upload.node.name):
            if not self._is_elsewhere(upload):
                yield here
                return
            with self.remote.followed(upload.row, stop) as source:
                yield source

    def _render(
        self, upload: _StreamedUpload, file: GrowingFile, layout: StreamLayout, workspace: Workspace
    ) -> PreparedOutput:
        facts, copyable_streams = _facts(file, layout, workspace)
        check_limits(facts, name=upload.upload_id, limits=workspace.limits)
        robots = {step.name: step.params for step in upload.node.steps}
        steps = frame_steps(upload.node.steps, robots, workspace)
        planned = plan_steps(frames_of(facts, copyable_streams, workspace.tools), steps, workspace.folder)
        # On a slower line its viewers would wait for bytes all the same.
        is_fast = file.seconds_left() < facts.duration_seconds
        quick = quick_branches(planned) if is_fast else []
        # The second one ends by itself: it is not read to the end, or the first one stops what both wait for.
        with (
            PipeWriter(file, layout, Event()) if quick else nullcontext() as quick_writer,
            PipeWriter(file, layout, workspace.stop) as writer,
        ):
            try:
                paths = render_branches(
                    PipeInput(layout.demuxer, writer.take_stdin),
                    facts,
                    [item.branch for item in planned],
                    name=upload.upload_id,
                    workspace=workspace,
                    quick_start=_quick_start(layout, quick_writer, quick) if quick_writer else None,
                )
            except Stopped as error:
                raise writer.failure or error from None
        return PreparedOutput(
            folder=workspace.folder,
            md5hash=writer.md5hash(),
            facts=facts,
            fingerprints=fingerprints_of(planned),
            paths=paths,
        )

    def _workspace(self, upload: _StreamedUpload, folder: Path, running: RunningJob) -> Workspace:
        return Workspace(
            folder=folder,
            tools=self.resources.tools,
            limits=replace(self.resources.limits, niceness=NICENESS),
            report=running.report,
            stop=running.stop,
            stores=self.resources.stores,
            import_hosts=self.resources.import_hosts,
            room=self.resources.room,
            publish=lambda folder: self.jobs.folders.live_previews.publish(upload.assembly_id, folder),
        )


def _quick_start(layout: StreamLayout, writer: PipeWriter, branches: Sequence[Branch]) -> QuickStart:
    return QuickStart(source=PipeInput(layout.demuxer, writer.take_stdin), branches=branches)


def _facts(file: GrowingFile, layout: StreamLayout, workspace: Workspace) -> tuple[VideoFacts, Copyable]:
    """The video's facts, and what of it can be copied, by the first bytes and by the means for whole files.

    Raises NotStreamable, Stalled.
    """
    head = workspace.folder / "head"
    head.write_bytes(b"".join(layout.pieces(0, file.read(0, layout.head_bytes))))
    document = probe(head, tools=workspace.tools, limits=workspace.limits)
    head.unlink()
    if document and "measured" in document["format"]:
        raise NotStreamable("its first bytes do not tell how long it is")
    meta = meta_of(document) if document and has_video(document) else {}
    facts = VideoFacts.from_meta(meta)
    if facts is None or not facts.duration_seconds:
        raise NotStreamable("its first bytes do not tell what it is")
    return facts, copyable(meta, mime=layout.mime)
