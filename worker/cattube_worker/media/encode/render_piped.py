"""Make the files of a recipe out of what comes through a pipe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from cattube_worker.media.encode.command import Piped, ffmpeg_arguments
from cattube_worker.media.encode.graph import watermarks_of
from cattube_worker.media.encode.recipe import Branch
from cattube_worker.media.encode.render import Kitchen, files_made, open_growing
from cattube_worker.media.encode.watermark import png_size
from cattube_worker.media.errors import CommandFailed
from cattube_worker.media.inspect.metadata import Picture
from cattube_worker.media.process.progress import ProgressReader
from cattube_worker.media.process.run import run


def render_piped(
    source: Piped,
    take_stdin: Callable[[], int],
    picture: Picture,
    branches: Sequence[Branch],
    *,
    kitchen: Kitchen,
) -> dict[str, list[Path]]:
    """The files made for each branch, in order, of what comes through a pipe.

    take_stdin: gives the descriptor to read from, which is closed here; called when the program can start.
    Stricter than `render`: any complaint of ffmpeg counts as a failure, for a whole file can be tried again.
    Raises CommandFailed, CommandTimeout, Stopped.
    """
    open_growing(branches, kitchen)
    marks = [mark.path for mark in watermarks_of(branches)]
    arguments = ffmpeg_arguments(
        source,
        branches,
        limits=kitchen.limits,
        has_audio=picture.has_audio,
        mark_sizes=[png_size(mark) for mark in marks],
    )
    ended = run(
        kitchen.tools.ffmpeg,
        arguments,
        sandbox=kitchen.tools.sandbox,
        limits=kitchen.limits,
        timeout_seconds=kitchen.limits.wall_clock_seconds,
        reads=marks,
        writes=[kitchen.folder],
        stop=kitchen.stop,
        stdin=take_stdin(),
        on_output=ProgressReader(picture.duration_seconds, kitchen.report).feed,
    )
    if ended.exit_code != 0 or ended.errors.strip():
        raise CommandFailed(f"ffmpeg ended with {ended.exit_code}: {ended.errors[-500:].strip()}")
    return {branch.name: files_made(branch) for branch in branches}
