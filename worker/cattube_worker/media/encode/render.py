"""Make the files of a recipe, and believe only what can be read back."""

from __future__ import annotations

import logging
import shutil
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from cattube_worker.media.encode.branches import Branch
from cattube_worker.media.encode.command import ffmpeg_arguments
from cattube_worker.media.encode.graph import watermarks_of
from cattube_worker.media.encode.watermark import png_size
from cattube_worker.media.errors import CommandFailed, InvalidInput
from cattube_worker.media.geometry import Size
from cattube_worker.media.inspect.metadata import VideoFacts
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.progress import ProgressReader
from cattube_worker.media.process.run import RunResult, run
from cattube_worker.media.process.tools import Tools
from cattube_worker.media.stills.moments import first_moment

log = logging.getLogger(__name__)

# What ffmpeg says when the file is to blame and not the machine: a second attempt would end the same way.
_BAD_INPUT = ("Invalid data found", "moov atom not found", "could not find codec", "Output file is empty",
              "matches no streams", "Picture size", "does not contain any stream", "Error while decoding",
              "Not on whitelist", "not on whitelist", "Invalid argument")  # fmt: skip
# How the system ends who writes a file that is too long, and how a program in between tells it.
_TOO_LARGE = (-signal.SIGXFSZ, 128 + signal.SIGXFSZ)


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """Where and with what files are made. report: is told the share done. stop: ends it.

    publish: is told of a folder in which a video is about to grow that can be watched meanwhile.
    """

    folder: Path
    tools: Tools
    limits: Limits
    report: Callable[[float], None]
    stop: Event
    publish: Callable[[Path], None] = lambda folder: None


def check_limits(picture: VideoFacts, *, name: str, limits: Limits) -> None:
    """Refuse what would keep this machine busy for too long. Raises InvalidInput."""
    if picture.width * picture.height > limits.max_pixels:
        raise InvalidInput(
            f'"{name}" is too large: {picture.width} x {picture.height} pixels, '
            f"where {limits.max_pixels / 1e6:g} million in all are allowed."
        )
    if picture.duration_seconds > limits.max_duration_seconds:
        raise InvalidInput(
            f'"{name}" is too long: {picture.duration_seconds / 3600:.1f} hours, '
            f"where {limits.max_duration_seconds / 3600:g} are allowed."
        )


def render(
    source: Path, picture: VideoFacts, branches: Sequence[Branch], *, name: str, workspace: Workspace
) -> dict[str, list[Path]]:
    """The files made for each branch, in order.

    name: what people call `source`, for messages.
    Raises InvalidInput, CommandFailed, CommandTimeout, Stopped.
    """
    start_seconds = first_moment(branches)
    _render_once(source, picture, branches, name=name, workspace=workspace, start_seconds=start_seconds)
    made = {branch.name: files_made(branch) for branch in branches}
    if start_seconds > 0 and not all(made.values()):
        # There was no frame left where reading began: from the beginning, the last one is found.
        _render_once(source, picture, branches, name=name, workspace=workspace, start_seconds=0)
        made = {branch.name: files_made(branch) for branch in branches}
    workspace.report(1.0)
    return made


def _render_once(
    source: Path,
    picture: VideoFacts,
    branches: Sequence[Branch],
    *,
    name: str,
    workspace: Workspace,
    start_seconds: float,
) -> None:
    open_live_previews(branches, workspace)
    marks = [mark.path for mark in watermarks_of(branches)]
    arguments = ffmpeg_arguments(
        source,
        branches,
        limits=workspace.limits,
        has_audio=picture.has_audio,
        mark_sizes=[png_size(mark) for mark in marks],
        start_seconds=start_seconds,
        source_size=Size(picture.width, picture.height),
    )
    run_ffmpeg(
        arguments,
        reads=[source, *marks],
        name=name,
        duration_seconds=picture.duration_seconds,
        workspace=workspace,
    )


def run_ffmpeg(
    arguments: Sequence[str],
    *,
    reads: Sequence[Path],
    name: str,
    duration_seconds: float,
    workspace: Workspace,
) -> None:
    """Run ffmpeg once, into the kitchen's folder.

    reads: all it may open. name: what people call the input. duration_seconds: of what is made, for progress.
    Raises InvalidInput, CommandFailed, CommandTimeout, Stopped.
    """
    ended = run(
        workspace.tools.ffmpeg,
        arguments,
        sandbox=workspace.tools.sandbox,
        limits=workspace.limits,
        timeout_seconds=workspace.limits.wall_clock_seconds,
        stall_seconds=workspace.limits.stall_seconds,
        reads=reads,
        writes=[workspace.folder],
        stop=workspace.stop,
        on_output=ProgressReader(duration_seconds, workspace.report).feed,
    )
    if ended.exit_code in _TOO_LARGE:
        gib = workspace.limits.max_output_bytes / 2**30
        raise InvalidInput(f'What is made of "{name}" is larger than the {gib:.3g} GiB that are allowed.')
    if ended.exit_code != 0:
        raise _failure(ended, name)


def open_live_previews(branches: Sequence[Branch], workspace: Workspace) -> None:
    """Have what is to grow be found, in folders that are empty until ffmpeg starts."""
    for branch in branches:
        folder = branch.output.live_preview
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            workspace.publish(folder)


def files_made(branch: Branch) -> list[Path]:
    """What ffmpeg has written for a branch, in order; files without a byte are none."""
    path = branch.output.path
    found = sorted(path.parent.glob(path.name.replace("%05d", "[0-9]*")))
    return [each for each in found if each.stat().st_size > 0]


def _failure(ended: RunResult, name: str) -> CommandFailed | InvalidInput:
    log.warning("ffmpeg ended with %s on %r: %s", ended.exit_code, name, ended.errors[-2000:])
    details = {"exitCode": ended.exit_code}
    if "No space left" in ended.errors:
        return CommandFailed("There is no room left on the disk.", retryable=True, details=details)
    killed = ended.exit_code < 0 or ended.exit_code > 128
    if not killed and any(words in ended.errors for words in _BAD_INPUT):
        return InvalidInput(f'"{name}" is not a video we can read.', details=details)
    return CommandFailed(f'"{name}" could not be processed.', retryable=killed, details=details)
