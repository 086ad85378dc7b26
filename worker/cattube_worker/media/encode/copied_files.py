"""Look at files whose pictures were kept as they were, before they are believed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cattube_worker.media.encode.command import QUIETLY, opened
from cattube_worker.media.encode.render import Workspace
from cattube_worker.media.errors import CommandFailed
from cattube_worker.media.mp4.frame_times import VideoTiming, video_timing
from cattube_worker.media.process.run import run

# Seeking lands on a key frame: further apart, a player that jumps decodes for too long.
_LONGEST_GROUP_SECONDS = 10
# Frames need not be quite even, but one that stands for so much longer is a file for us to even out.
_LONGEST_FRAME = 4


def check_copied(paths: Sequence[Path], workspace: Workspace) -> None:
    """Check that players can seek in these files, that frames come evenly, and that both ends decode.

    Raises CommandFailed, Stopped; CommandTimeout.
    """
    if not all(is_steady(video_timing(path)) for path in paths):
        raise CommandFailed("The pictures come too unevenly to be kept.")
    inputs: list[str] = []
    maps: list[str] = []
    for index, path in enumerate(paths):
        inputs += [
            *opened(path, workspace.limits, "-t", "1"),
            *opened(path, workspace.limits, "-sseof", "-1"),
        ]
        maps += ["-map", str(2 * index), "-map", str(2 * index + 1)]
    ended = run(
        workspace.tools.ffmpeg,
        [*QUIETLY, "-xerror", *inputs, *maps, "-f", "null", "-"],
        sandbox=workspace.tools.sandbox,
        limits=workspace.limits,
        timeout_seconds=workspace.limits.wall_clock_seconds,
        reads=paths,
        stop=workspace.stop,
    )
    if ended.exit_code != 0 or ended.errors.strip():
        raise CommandFailed("What was kept does not decode.")


def is_steady(timing: VideoTiming | None) -> bool:
    """Whether a file with these times plays as well as one of our making."""
    return (
        timing is not None
        and timing.longest_group_seconds <= _LONGEST_GROUP_SECONDS
        and timing.longest_frame_seconds <= _LONGEST_FRAME * timing.mean_frame_seconds
    )
