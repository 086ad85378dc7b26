"""Make the files of a recipe out of what comes through a pipe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from cattube_worker.media.encode.branches import Branch
from cattube_worker.media.encode.command import Piped, ffmpeg_arguments
from cattube_worker.media.encode.graph import watermarks_of
from cattube_worker.media.encode.render import Workspace, files_made, open_live_previews
from cattube_worker.media.encode.watermark import png_size
from cattube_worker.media.errors import CommandFailed
from cattube_worker.media.inspect.metadata import VideoFacts
from cattube_worker.media.process.progress import ProgressReader
from cattube_worker.media.process.run import run


def render_piped(
    source: Piped,
    take_stdin: Callable[[], int],
    picture: VideoFacts,
    branches: Sequence[Branch],
    *,
    workspace: Workspace,
) -> dict[str, list[Path]]:
    """The files made for each branch, in order, of what comes through a pipe.

    take_stdin: gives the descriptor to read from, which is closed here; called when the program can start.
    Stricter than `render`: any complaint of ffmpeg counts as a failure, for a whole file can be tried again.
    Raises CommandFailed, CommandTimeout, Stopped.
    """
    open_live_previews(branches, workspace)
    marks = [mark.path for mark in watermarks_of(branches)]
    arguments = ffmpeg_arguments(
        source,
        branches,
        limits=workspace.limits,
        has_audio=picture.has_audio,
        mark_sizes=[png_size(mark) for mark in marks],
    )
    ended = run(
        workspace.tools.ffmpeg,
        arguments,
        sandbox=workspace.tools.sandbox,
        limits=workspace.limits,
        timeout_seconds=workspace.limits.wall_clock_seconds,
        reads=marks,
        writes=[workspace.folder],
        stop=workspace.stop,
        stdin=take_stdin(),
        on_output=ProgressReader(picture.duration_seconds, workspace.report).feed,
    )
    if ended.exit_code != 0 or ended.errors.strip():
        raise CommandFailed(f"ffmpeg ended with {ended.exit_code}: {ended.errors[-500:].strip()}")
    return {branch.name: files_made(branch) for branch in branches}
