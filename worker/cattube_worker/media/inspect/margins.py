"""Where a picture's plain margin ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from cattube_worker.media.encode.command import opened
from cattube_worker.media.encode.render import Workspace
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.process.run import run

_BOUNDS = ("x1", "y1", "w", "h")


def content_of(path: Path, before: Sequence[str], workspace: Workspace) -> tuple[int, int, int, int] | None:
    """Left, top, width and height of what is not of the colour in the upper left corner; None: nothing is.

    before: filters the picture goes through first. Raises InvalidInput, Stopped.
    """
    corner = _said(path, (*before, "format=rgba", "crop=1:1:0:0:exact=1"), ("-f", "rawvideo"), workspace)
    if len(corner) < 4:
        raise InvalidInput("The picture could not be read.")
    differs = ":".join(
        f"{part}='255*gt(abs(val-{value}),0)'" for part, value in zip("rgb", corner[:3], strict=True)
    )
    boxed = (*before, "format=rgb24", f"lutrgb={differs}", "format=gray", "bbox=min_val=16")
    said = _said(path, (*boxed, "metadata=print:file='pipe\\:1'"), ("-f", "null"), workspace, output="-")
    found = [re.search(rf"lavfi\.bbox\.{name}=(\d+)".encode(), said) for name in _BOUNDS]
    left, top, width, height = (int(each[1]) if each else 0 for each in found)
    return (left, top, width, height) if width and height else None


def _said(
    path: Path, filters: Sequence[str], form: Sequence[str], workspace: Workspace, *, output: str = "pipe:1"
) -> bytes:
    reading = ["-nostdin", "-hide_banner", "-v", "error", *opened(path, workspace.limits, "-noautorotate")]
    ended = run(
        workspace.tools.ffmpeg,
        [*reading, "-vf", ",".join(filters), "-frames:v", "1", *form, output],
        sandbox=workspace.tools.sandbox,
        limits=workspace.limits,
        timeout_seconds=workspace.limits.probe_seconds,
        reads=[path],
        stop=workspace.stop,
    )
    return ended.output
