"""One ffmpeg process over one file for all frame steps of a node, and an entry for each file it made."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from cattube_worker.errors import AssemblyError
from cattube_worker.execution.steps.entries import meta_for
from cattube_worker.execution.steps.frames import (
    FrameStep,
    PlannedStep,
    fingerprints_of,
    frames_of,
    plan_steps,
)
from cattube_worker.execution.steps.prepared_output import PreparedOutput
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.media.encode.branches import Frames
from cattube_worker.media.encode.length import check_length
from cattube_worker.media.encode.render import check_limits, render_branches
from cattube_worker.media.encode.stream_copy import Copyable, check_copied, copyable
from cattube_worker.media.encode.track_lengths import evened_facts
from cattube_worker.media.errors import CommandFailed, InvalidInput
from cattube_worker.media.inspect.formats import claims_media
from cattube_worker.media.inspect.metadata import VideoFacts, has_video, meta_of
from cattube_worker.media.inspect.probe import FileFacts, probe
from cattube_worker.media.workspace import Workspace

log = logging.getLogger(__name__)

# A file whose video ends earlier than it says by more than this was cut off on its way.
_TOLERANCE_SECONDS = 0.5


@dataclass(frozen=True, kw_only=True)
class _WrittenFile:
    """One file that came out. index, count: its place among those of its step."""

    planned: PlannedStep
    path: Path
    index: int
    count: int
    facts: FileFacts


def run_frame_steps(
    file: AssemblyFile,
    steps: Sequence[FrameStep],
    workspace: Workspace,
    *,
    prepared: PreparedOutput | None = None,
) -> list[AssemblyFile]:
    """The files that `steps` make of `file`; none when it is no video and does not claim to be.

    Steps with "force_accept" take any image, and refuse what is none.
    prepared: what was made of the file while it arrived; used where it is exactly what would be made now.

    Raises InvalidInput, CommandFailed, CommandTimeout, Stopped.
    """
    facts = _video_facts(file, workspace)
    if facts is None:
        steps = _forced(steps)
        facts = _still_facts(file, workspace) if steps else None
    if facts is None or file.path is None:
        return []
    check_limits(facts, name=file.name, limits=workspace.limits)
    frames = frames_of(facts, copyable(file.meta, mime=file.mime), workspace.tools)
    planned = plan_steps(frames, steps, workspace.folder)
    if not planned:
        return []
    if prepared is not None and prepared.is_of(file.md5hash, facts, fingerprints_of(planned)):
        # Whatever is wrong with it may be due to the haste.
        with suppress(AssemblyError, OSError):
            return _as_expected(file, planned, prepared.moved_to(workspace.folder), facts, workspace)
    if prepared is not None:
        prepared.drop()
    if any(item.copies_streams for item in planned):
        try:
            paths = _render(file, facts, planned, workspace)
            return _as_expected(file, planned, paths, facts, workspace)
        except (InvalidInput, CommandFailed) as error:
            log.info("what was to be copied of %r is encoded after all: %s", file.name, error)
    return _encoded(file, replace(frames, copyable=Copyable()), steps, facts, workspace)


def _encoded(
    file: AssemblyFile, frames: Frames, steps: Sequence[FrameStep], facts: VideoFacts, workspace: Workspace
) -> list[AssemblyFile]:
    """The entries of what is made of the frames of the file, as far as there are any."""
    planned = plan_steps(frames, steps, workspace.folder)
    paths = _render(file, facts, planned, workspace)
    if (evened := _evened(facts, planned, paths)) is not None:
        log.info("the tracks of %r end at different times: it is encoded again", file.name)
        frames = replace(frames, duration_seconds=evened.duration_seconds)
        planned = plan_steps(frames, steps, workspace.folder)
        paths = _render(file, evened, planned, workspace)
    written_files = _read_back(planned, paths, workspace)
    _check(planned, written_files, file.name)
    _tell_early_end(planned, written_files, file.name, workspace)
    return [_entry(file, item) for item in written_files]


def _render(
    file: AssemblyFile, facts: VideoFacts, planned: Sequence[PlannedStep], workspace: Workspace
) -> dict[str, list[Path]]:
    """Paths of what the steps make, by step."""
    if file.path is None:
        raise CommandFailed(f'The bytes of "{file.name}" are gone.')
    branches = [item.branch for item in planned]
    return render_branches(file.path, facts, branches, name=file.name, workspace=workspace)


def _as_expected(
    file: AssemblyFile,
    planned: Sequence[PlannedStep],
    paths: Mapping[str, Sequence[Path]],
    facts: VideoFacts,
    workspace: Workspace,
) -> list[AssemblyFile]:
    """The entries of what was made. Raises InvalidInput, CommandFailed when it is not all it should be."""
    if _evened(facts, planned, paths) is not None:
        raise CommandFailed("The tracks end at different times.")
    written_files = _read_back(planned, paths, workspace)
    _check(planned, written_files, file.name)
    for item in planned:
        _check_length(item, written_files, file.name)
    if copied := [item.path for item in written_files if item.planned.branch.output.copies_video]:
        check_copied(copied, workspace)
    return [_entry(file, item) for item in written_files]


def _video_facts(file: AssemblyFile, workspace: Workspace) -> VideoFacts | None:
    """Facts about the file's video; None where there is none. Raises InvalidInput when it only claims so."""
    if file.size_bytes == 0:
        raise InvalidInput(f'"{file.name}" is empty: it has no bytes.')
    if file.type == "image" and file.mime != "image/gif":
        return None
    facts = VideoFacts.from_meta(file.meta)
    if facts is None and file.path is not None and "num_video_streams" not in file.meta:
        document = probe(file.path, tools=workspace.tools, limits=workspace.limits)
        if document is None and claims_media(file.name, declared_mime=file.user_meta.get("filetype")):
            raise InvalidInput(f'"{file.name}" is not a video we can read.')
        facts = VideoFacts.from_meta(meta_of(document)) if document and has_video(document) else None
    if facts is None and file.type == "video":
        raise InvalidInput(f'"{file.name}" is not a video we can read.')
    return facts


def _forced(steps: Sequence[FrameStep]) -> list[FrameStep]:
    """The steps that take what they would pass over, and those that go on from them."""
    forced: list[FrameStep] = []
    for step in steps:
        goes_on = any(earlier.name == step.source for earlier in forced)
        if goes_on or (step.source is None and step.robot.force_accept):
            forced.append(step)
    return forced


def _still_facts(file: AssemblyFile, workspace: Workspace) -> VideoFacts:
    """Facts about a still, as if it were a video. Raises InvalidInput."""
    width, height = file.meta.get("width"), file.meta.get("height")
    if not width or not height or file.path is None:
        raise InvalidInput(f'There is no picture in "{file.name}".')
    still = VideoFacts(width=int(width), height=int(height), duration_seconds=0)
    document = probe(file.path, tools=workspace.tools, limits=workspace.limits)
    facts = VideoFacts.from_meta(meta_of(document)) if document else None
    if facts is None:
        return still
    # Its size is known, with its turn; what its colours mean is not.
    return replace(
        still,
        color_range=facts.color_range,
        color_space=facts.color_space,
        color_primaries=facts.color_primaries,
        color_transfer=facts.color_transfer,
    )


def _read_back(
    planned: Sequence[PlannedStep], paths: Mapping[str, Sequence[Path]], workspace: Workspace
) -> list[_WrittenFile]:
    def describe(path: Path) -> FileFacts:
        return workspace.describe(path, name=path.name)

    # Two at a time: reading a file back is the start of a process, which is mostly waiting.
    with ThreadPoolExecutor(max_workers=2) as pool:
        facts = {path: pool.submit(describe, path) for of_step in paths.values() for path in of_step}
    return [
        _WrittenFile(planned=item, path=path, index=index, count=len(of_step), facts=facts[path].result())
        for item in planned
        for of_step in [paths[item.step.name]]
        for index, path in enumerate(of_step)
    ]


def _check(planned: Sequence[PlannedStep], written_files: Sequence[_WrittenFile], name: str) -> None:
    """Believe the files, not ffmpeg's exit code: it is 0 even when the input broke off in the middle."""
    for file in written_files:
        step = file.planned.step.name
        if not file.facts.meta.get("width"):
            raise CommandFailed(f'What the step "{step}" made of "{name}" has no picture.')
    silent = {item.step.name for item in planned} - {file.planned.step.name for file in written_files}
    if silent:
        raise CommandFailed(f'The step "{min(silent)}" made nothing of "{name}".')


def _evened(
    facts: VideoFacts, planned: Sequence[PlannedStep], paths: Mapping[str, Sequence[Path]]
) -> VideoFacts | None:
    """Facts by which the tracks of all outputs come out even; None where they are."""
    evened = (evened_facts(facts, item.branch.output, paths[item.step.name]) for item in planned)
    return next((item for item in evened if item is not None), None)


def _tell_early_end(
    planned: Sequence[PlannedStep], files: Sequence[_WrittenFile], name: str, workspace: Workspace
) -> None:
    """Warn where a recording broke off: what there is of it counts. Raises InvalidInput where that is nil."""
    for item in planned:
        try:
            _check_length(item, files, name)
        except InvalidInput:
            seconds, expected = _seconds(item, files), item.branch.output.expected_seconds
            if not seconds:
                raise
            workspace.warn(
                f'"{name}" ends early: only {seconds:.0f} of its {expected:.0f} seconds could be read.'
            )
            return


def _seconds(planned: PlannedStep, files: Sequence[_WrittenFile]) -> float:
    """Seconds of all files of a step together."""
    return sum(float(file.facts.meta.get("duration") or 0) for file in files if file.planned is planned)


def _check_length(planned: PlannedStep, files: Sequence[_WrittenFile], name: str) -> None:
    """Check that all files of a step together are as long as they must be. Raises InvalidInput."""
    lengths = [file for file in files if file.planned is planned]
    if lengths and planned.branch.output.stills_at_seconds is None:
        check_length(
            _seconds(planned, files),
            expected_seconds=planned.branch.output.expected_seconds,
            tolerance_seconds=_TOLERANCE_SECONDS,
            name=name,
        )


def _entry(file: AssemblyFile, written_file: _WrittenFile) -> AssemblyFile:
    """The entry of a new file; everything about its origin stays that of the upload."""
    robot, frames = written_file.planned.step.robot, written_file.planned.frames
    own_meta = robot.file_meta(frames, index=written_file.index, path=written_file.path)
    return file.derived(
        step=written_file.planned.step.name,
        path=written_file.path,
        name=robot.file_name(file.basename, index=written_file.index, count=written_file.count),
        facts=written_file.facts,
        meta=meta_for(robot, written_file.facts) | own_meta,
    )
