"""Cutting a video into parts, by a copy of its stream."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from cattube_worker.assembly_folders import remove_tree
from cattube_worker.errors import AssemblyError
from cattube_worker.media.encode.command import QUIET, guarded_input
from cattube_worker.media.errors import CommandFailed
from cattube_worker.media.inspect.video_facts import VideoFacts
from cattube_worker.media.mp4.sample_table import sample_table
from cattube_worker.media.workspace import Workspace

_PATTERN = "part-%05d"


def cut_video(
    path: Path, facts: VideoFacts, cuts: Sequence[int], *, frames: int, name: str, workspace: Workspace
) -> list[Path]:
    """The parts of the video at `path`, in its order, each with all frames from a cut to the next.

    cuts: key frames, as `cuts_of` found them. frames: of the whole. name: what people call the file.
    Raises CommandFailed when a part is not what it has to be; InvalidInput, CommandTimeout, Stopped.
    """
    folder = workspace.folder / "parts"
    folder.mkdir()
    try:
        _copy_parts(path, facts, cuts, folder / _PATTERN, name=name, workspace=workspace)
        return _checked(folder, [0, *cuts, frames], name)
    except AssemblyError:
        remove_tree(folder)
        raise


def _copy_parts(
    path: Path, facts: VideoFacts, cuts: Sequence[int], pattern: Path, *, name: str, workspace: Workspace
) -> None:
    workspace.run(
        [
            *QUIET,
            *guarded_input(path, workspace.limits),
            *("-map", f"0:V:{facts.video_number}", "-c", "copy", "-map_metadata", "-1"),
            *("-f", "segment", "-segment_format", "mp4", "-reset_timestamps", "1"),
            # Else the first part alone begins later: a stream whose frames are shown in another order than
            # they are stored in begins before 0.
            *("-avoid_negative_ts", "disabled"),
            *("-segment_frames", ",".join(map(str, cuts))),
            f"file:{pattern}",
        ],
        reads=[path],
        name=name,
        duration_seconds=facts.duration_seconds,
    )


def _checked(folder: Path, ends: Sequence[int], name: str) -> list[Path]:
    """The parts in the folder, which must have as many frames as lie between their ends."""
    parts = [folder / (_PATTERN % place) for place in range(len(ends) - 1)]
    for part, (start, end) in zip(parts, pairwise(ends), strict=True):
        table = sample_table(part) if part.exists() else None
        if table is None or not table.is_even or len(table.shown_at) != end - start:
            raise CommandFailed(f'"{name}" cannot be cut into parts.')
    return parts
