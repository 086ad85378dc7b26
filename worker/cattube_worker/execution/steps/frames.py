"""Run a node of media steps: one ffmpeg process over one file, and an entry for each file it made."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from cattube_worker.errors import AssemblyError
from cattube_worker.execution.steps.prepared_output import PreparedOutput, StepFingerprint
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.media.encode.available_filters import normalization_here
from cattube_worker.media.encode.branches import Branch, Frames
from cattube_worker.media.encode.copied_files import check_copied
from cattube_worker.media.encode.render import Workspace, check_limits, render
from cattube_worker.media.encode.stream_copy import Copyable, copyable
from cattube_worker.media.errors import CommandFailed, InvalidInput
from cattube_worker.media.geometry import Size
from cattube_worker.media.inspect.formats import claims_media, ending_of
from cattube_worker.media.inspect.metadata import VideoFacts, has_video, meta_of
from cattube_worker.media.inspect.probe import FileFacts, describe, probe
from cattube_worker.media.process.tools import Tools
from cattube_worker.media.streams.live_preview import can_preview
from cattube_worker.robots import MediaRobot
from cattube_worker.robots.shared.base import Place
from cattube_worker.robots.video_encode.robot import VideoEncode

log = logging.getLogger(__name__)

# A file whose pictures end earlier than it says by more than this was cut off on its way.
_MISSING_SHARE, _MISSING_SECONDS = 0.1, 0.5


@dataclass(frozen=True, kw_only=True)
class MediaStep:
    """A step ready to run. source: the step of the same node whose frames it takes; None for the file."""

    name: str
    robot: MediaRobot
    source: str | None
    watermark: Path | None = None


@dataclass(frozen=True, kw_only=True)
class PlannedStep:
    """A step's part in the recipe. given: the frames it works on."""

    step: MediaStep
    given: Frames
    branch: Branch


@dataclass(frozen=True, kw_only=True)
class _Made:
    """One file that came out. index, count: its place among those of its step."""

    planned: PlannedStep
    path: Path
    index: int
    count: int
    facts: FileFacts


def make_media(
    file: AssemblyFile,
    steps: Sequence[MediaStep],
    workspace: Workspace,
    *,
    ready: PreparedOutput | None = None,
) -> list[AssemblyFile]:
    """The files that `steps` make of `file`; none when it is no moving picture and does not claim to be.

    Steps with "force_accept" take any picture, and refuse what is none.
    ready: what was made of the file while it arrived; used where it is exactly what would be made now.

    Raises InvalidInput, CommandFailed, CommandTimeout, Stopped.
    """
    picture = _picture_of(file, workspace)
    if picture is None:
        steps = _forced(steps)
        picture = _any_picture(file) if steps else None
    if picture is None or file.path is None:
        return []
    check_limits(picture, name=file.name, limits=workspace.limits)
    frames = frames_of(picture, copyable(file.meta, mime=file.mime), workspace.tools)
    planned = plan_steps(frames, steps, workspace.folder)
    if not planned:
        return []
    if ready is not None and ready.is_of(file.md5hash, picture, fingerprints_of(planned)):
        # Whatever is wrong with it may be due to the haste.
        with suppress(AssemblyError, OSError):
            return _checked(file, planned, ready.moved_to(workspace.folder), picture, workspace)
    if ready is not None:
        ready.drop()
    if any(_has_stream_copy(each) for each in planned):
        try:
            return _rendered(file, file.path, picture, planned, workspace)
        except (InvalidInput, CommandFailed) as error:
            log.info("what was to be kept of %r is encoded after all: %s", file.name, error)
            planned = plan_steps(replace(frames, copyable=Copyable()), steps, workspace.folder)
    return _rendered(file, file.path, picture, planned, workspace)


def fingerprints_of(planned: Sequence[PlannedStep]) -> tuple[StepFingerprint, ...]:
    """What is to be done, whatever files it is done with."""
    return tuple(
        StepFingerprint(
            step=each.step.name,
            robot=each.step.robot,
            source=each.step.source,
            copies_video=each.branch.output.copies_video,
            copies_audio=each.branch.output.copies_audio,
        )
        for each in planned
    )


def _rendered(
    file: AssemblyFile,
    source: Path,
    picture: VideoFacts,
    planned: Sequence[PlannedStep],
    workspace: Workspace,
) -> list[AssemblyFile]:
    paths = render(source, picture, [each.branch for each in planned], name=file.name, workspace=workspace)
    return _checked(file, planned, paths, picture, workspace)


def _checked(
    file: AssemblyFile,
    planned: Sequence[PlannedStep],
    paths: Mapping[str, Sequence[Path]],
    picture: VideoFacts,
    workspace: Workspace,
) -> list[AssemblyFile]:
    """The entries of what was made. Raises InvalidInput, CommandFailed when it is not what it should be."""
    made = _read_back(planned, paths, workspace)
    _check(planned, made, picture, file.name)
    if kept := [each.path for each in made if each.planned.branch.output.copies_video]:
        check_copied(kept, workspace)
    return [_entry(file, each) for each in made]


def _has_stream_copy(planned: PlannedStep) -> bool:
    return planned.branch.output.copies_video or planned.branch.output.copies_audio


def _picture_of(file: AssemblyFile, workspace: Workspace) -> VideoFacts | None:
    """What there is to see in the file. Raises InvalidInput when it claims more than it holds."""
    if file.size_bytes == 0:
        raise InvalidInput(f'"{file.name}" is empty: it has no bytes.')
    if file.type == "image" and file.mime != "image/gif":
        return None
    picture = VideoFacts.from_meta(file.meta)
    if picture is None and file.path is not None and "num_video_streams" not in file.meta:
        document = probe(file.path, tools=workspace.tools, limits=workspace.limits)
        if document is None and claims_media(file.name, declared_mime=file.user_meta.get("filetype")):
            raise InvalidInput(f'"{file.name}" is not a video we can read.')
        picture = VideoFacts.from_meta(meta_of(document)) if document and has_video(document) else None
    if picture is None and file.type == "video":
        raise InvalidInput(f'"{file.name}" is not a video we can read.')
    return picture


def _forced(steps: Sequence[MediaStep]) -> list[MediaStep]:
    """The steps that take what they would pass over, and those that go on from them."""
    forced: list[MediaStep] = []
    for step in steps:
        goes_on = any(each.name == step.source for each in forced)
        if goes_on or (step.source is None and step.robot.force_accept):
            forced.append(step)
    return forced


def _any_picture(file: AssemblyFile) -> VideoFacts:
    """What there is to see in a still. Raises InvalidInput."""
    width, height = file.meta.get("width"), file.meta.get("height")
    if not width or not height:
        raise InvalidInput(f'There is no picture in "{file.name}".')
    return VideoFacts(width=int(width), height=int(height), duration_seconds=0)


def frames_of(picture: VideoFacts, kept: Copyable, tools: Tools) -> Frames:
    """The frames of the file itself, as these tools can give them. kept: what may stay as it is."""
    return Frames(
        size=Size(picture.width, picture.height),
        duration_seconds=picture.duration_seconds,
        rotation=picture.rotation,
        has_audio=picture.has_audio,
        audio_channels=picture.audio_channels,
        normalization=normalization_here(picture, tools),
        copyable=kept,
    )


def plan_steps(given: Frames, steps: Sequence[MediaStep], folder: Path) -> list[PlannedStep]:
    """What each of the steps adds to a recipe for a file of those frames. Pure.

    The first video that was asked for by name, and no other, can be watched while it is made.
    """
    frames: dict[str | None, Frames] = {None: given}
    planned = []
    for index, step in enumerate(steps):
        given = frames[step.source]
        place = Place(
            step=step.name,
            source=step.source,
            frames=given,
            stem=folder / f"made-{index}",
            watermark=step.watermark,
        )
        planned.append(PlannedStep(step=step, given=given, branch=step.robot.branch(place)))
        frames[step.name] = planned[-1].branch.frames
    # Without those of whose moments all lie outside of the video.
    planned = [each for each in planned if each.branch.output.stills_at_seconds != ()]
    watched = next(filter(_may_be_watched, planned), None)
    return [_with_live_preview(each) if each is watched else each for each in planned]


def _may_be_watched(planned: PlannedStep) -> bool:
    """Whether people may see the step's video while it is made: they asked for it, and wait for it."""
    robot = planned.step.robot
    is_awaited = robot.result is True and robot.queue != "batch"
    return is_awaited and isinstance(robot, VideoEncode) and can_preview(planned.branch.output)


def _with_live_preview(planned: PlannedStep) -> PlannedStep:
    path = planned.branch.output.path
    output = replace(planned.branch.output, live_preview=path.with_name(f"{path.name}.live"))
    return replace(planned, branch=replace(planned.branch, output=output))


def _read_back(
    planned: Sequence[PlannedStep], paths: Mapping[str, Sequence[Path]], workspace: Workspace
) -> list[_Made]:
    def describe_one(path: Path) -> FileFacts:
        return describe(path, name=path.name, tools=workspace.tools, limits=workspace.limits)

    # Two at a time: reading a file back is the start of a process, which is mostly waiting.
    with ThreadPoolExecutor(max_workers=2) as pool:
        facts = {each: pool.submit(describe_one, each) for found in paths.values() for each in found}
    return [
        _Made(planned=each, path=path, index=index, count=len(found), facts=facts[path].result())
        for each in planned
        for found in [paths[each.step.name]]
        for index, path in enumerate(found)
    ]


def _check(planned: Sequence[PlannedStep], made: Sequence[_Made], picture: VideoFacts, name: str) -> None:
    """Believe the files, not ffmpeg's exit code: it is 0 even when the input broke off in the middle."""
    for each in made:
        step = each.planned.step.name
        if not each.facts.meta.get("width"):
            raise CommandFailed(f'What the step "{step}" made of "{name}" has no picture.')
    for each_planned in planned:
        _check_whole(each_planned, made, picture, name)
    silent = {each.step.name for each in planned} - {each.planned.step.name for each in made}
    if silent:
        raise CommandFailed(f'The step "{min(silent)}" made nothing of "{name}".')


def _check_whole(planned: PlannedStep, made: Sequence[_Made], picture: VideoFacts, name: str) -> None:
    output = planned.branch.output
    if output.stills_at_seconds is not None:
        return
    lengths = [float(each.facts.meta.get("duration") or 0) for each in made if each.planned is planned]
    expected = picture.duration_seconds if output.expected_seconds is None else output.expected_seconds
    if lengths:
        _check_length(sum(lengths), expected, name)


def _check_length(seconds: float, expected_seconds: float, name: str) -> None:
    if expected_seconds - seconds > max(_MISSING_SECONDS, expected_seconds * _MISSING_SHARE):
        raise InvalidInput(
            f'"{name}" is damaged: only {seconds:.0f} of its {expected_seconds:.0f} seconds could be read.'
        )


def _entry(file: AssemblyFile, made: _Made) -> AssemblyFile:
    """The entry of a new file; everything about its origin stays that of the upload."""
    step, facts = made.planned.step, made.facts
    name = step.robot.file_name(file.basename, index=made.index, count=made.count)
    meta = {} if step.robot.output_meta is False else facts.meta
    return replace(
        file,
        id=uuid.uuid4().hex,
        step=step.name,
        path=made.path,
        name=name,
        basename=name.rpartition(".")[0],
        ext=ending_of(name),
        size_bytes=facts.size_bytes,
        mime=facts.mime,
        type=facts.type,
        md5hash=facts.md5hash,
        meta=meta | step.robot.file_meta(made.planned.given, index=made.index),
        tus_upload_url=None,
        url=None,
        signed_url=None,
        playlists=[],
        object_key=None,
    )
