"""One ffmpeg process over one file for all frame steps of a node, and an entry for each file it made."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
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
from cattube_worker.execution.steps.quick_branches import quick_branches
from cattube_worker.execution.steps.written_files import (
    WrittenFile,
    check_step_length,
    check_written,
    read_back,
    tell_early_end,
)
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.media.encode.filters.branches import Frames
from cattube_worker.media.encode.output import Output
from cattube_worker.media.encode.render import QuickStart, check_limits, render_branches
from cattube_worker.media.encode.stream_copy import Copyable, check_copied, copyable
from cattube_worker.media.encode.track_lengths import evened_facts
from cattube_worker.media.errors import CommandFailed, InvalidInput
from cattube_worker.media.inspect.audible import audible_facts, is_audible
from cattube_worker.media.inspect.formats import claims_media
from cattube_worker.media.inspect.metadata import has_video, meta_of
from cattube_worker.media.inspect.probe import probe
from cattube_worker.media.inspect.stills.image_size import is_animated_png
from cattube_worker.media.inspect.video_facts import VideoFacts
from cattube_worker.media.workspace import Workspace

log = logging.getLogger(__name__)


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
            return as_expected(file, planned, prepared.moved_to(workspace.folder), facts, workspace)
    if prepared is not None:
        prepared.drop()
    if any(item.copies_streams for item in planned):
        try:
            paths = _render(file, facts, planned, workspace)
            return as_expected(file, planned, paths, facts, workspace)
        except (InvalidInput, CommandFailed) as error:
            log.info("what was to be copied of %r is encoded after all: %s", file.name, error)
    return _encoded(file, replace(frames, copyable=Copyable()), steps, facts, workspace)


def _encoded(
    file: AssemblyFile, frames: Frames, steps: Sequence[FrameStep], facts: VideoFacts, workspace: Workspace
) -> list[AssemblyFile]:
    """The entries of what is made of the frames of the file, as far as there are any."""
    planned = plan_steps(frames, steps, workspace.folder)
    try:
        paths = _render(file, facts, planned, workspace)
    except (InvalidInput, CommandFailed):
        audible = audible_facts(file.path, facts, workspace) if file.path is not None else None
        if audible is None:
            raise
        log.info("a sound of %r cannot be decoded: it is left out", file.name)
        return _encoded(file, _with_sound_of(audible, frames), steps, audible, workspace)
    if (evened := _evened(facts, planned, paths)) is not None:
        log.info("the tracks of %r end at different times: it is encoded again", file.name)
        frames = replace(frames, duration_seconds=evened.duration_seconds)
        planned = plan_steps(frames, steps, workspace.folder)
        paths = _render(file, evened, planned, workspace)
    written_files = read_back(planned, paths, workspace)
    check_written(planned, written_files, file.name)
    tell_early_end(planned, written_files, file, workspace)
    return [_entry(file, item) for item in written_files]


def _with_sound_of(facts: VideoFacts, frames: Frames) -> Frames:
    """The frames, with the sound of these facts beside them."""
    return replace(frames, has_audio=facts.has_audio, audio_channels=facts.audio_channels)


def _render(
    file: AssemblyFile, facts: VideoFacts, planned: Sequence[PlannedStep], workspace: Workspace
) -> dict[str, list[Path]]:
    """Paths of what the steps make, by step."""
    if file.path is None:
        raise CommandFailed(f'The bytes of "{file.name}" are gone.')
    quick = quick_branches(planned)
    return render_branches(
        file.path,
        facts,
        [item.branch for item in planned],
        name=file.name,
        workspace=workspace,
        quick_start=QuickStart(source=file.path, branches=quick) if quick else None,
    )


def as_expected(
    file: AssemblyFile,
    planned: Sequence[PlannedStep],
    paths: Mapping[str, Sequence[Path]],
    facts: VideoFacts,
    workspace: Workspace,
) -> list[AssemblyFile]:
    """The entries of what was made. Raises InvalidInput, CommandFailed when it is not all it should be."""
    if _evened(facts, planned, paths) is not None:
        raise CommandFailed("The tracks end at different times.")
    outputs = [(item.branch.output, path) for item in planned for path in paths[item.step.name]]
    # Side by side: a digest takes a second for each 500 MB, and the other processor has nothing to do.
    with ThreadPoolExecutor(max_workers=2) as pool:
        checks = (
            pool.submit(_check_copied_pictures, outputs, workspace),
            pool.submit(_check_copied_sound, outputs, facts, workspace),
        )
        written_files = read_back(planned, paths, workspace)
        for check in checks:
            check.result()
    check_written(planned, written_files, file.name)
    for item in planned:
        check_step_length(item, written_files, file.name)
    tell_early_end(planned, written_files, file, workspace)
    return [_entry(file, item) for item in written_files]


def _check_copied_pictures(outputs: Sequence[tuple[Output, Path]], workspace: Workspace) -> None:
    """Check that copied pictures can be played. Raises CommandFailed."""
    if copied := [path for output, path in outputs if output.copies_video]:
        check_copied(copied, workspace)


def _check_copied_sound(
    outputs: Sequence[tuple[Output, Path]], facts: VideoFacts, workspace: Workspace
) -> None:
    """Check that copied sound can be heard. Raises CommandFailed."""
    # One of them stands for all: they have the same sound.
    of_sound = (path for output, path in outputs if output.copies_audio)
    if facts.has_audio and (path := next(of_sound, None)) and not is_audible(path, 0, workspace):
        raise CommandFailed("The sound that was copied cannot be decoded.")


def _video_facts(file: AssemblyFile, workspace: Workspace) -> VideoFacts | None:
    """Facts about the file's video; None where there is none. Raises InvalidInput when it only claims so."""
    if file.size_bytes == 0:
        raise InvalidInput(f'"{file.name}" is empty: it has no bytes.')
    if file.type == "image" and not _may_move(file):
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


def _may_move(file: AssemblyFile) -> bool:
    """True for pictures of the kinds that may be short videos."""
    return file.mime == "image/gif" or (file.path is not None and is_animated_png(file.path))


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


def _evened(
    facts: VideoFacts, planned: Sequence[PlannedStep], paths: Mapping[str, Sequence[Path]]
) -> VideoFacts | None:
    """Facts by which the tracks of all outputs come out even; None where they are."""
    evened = (evened_facts(facts, item.branch.output, paths[item.step.name]) for item in planned)
    return next((item for item in evened if item is not None), None)


def _entry(file: AssemblyFile, written_file: WrittenFile) -> AssemblyFile:
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
