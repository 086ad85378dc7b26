"""Margins of a picture: the area of one colour around its content."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from cattube_worker.media.encode.command import guarded_input
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.workspace import Workspace

_BOUNDS = ("x1", "y1", "w", "h")


def content_of(path: Path, before: Sequence[str], workspace: Workspace) -> tuple[int, int, int, int] | None:
    """Left, top, width and height of the content; None when all is of the colour in the upper left corner.

    before: filters the picture goes through first. Raises InvalidInput, Stopped.
    """
    corner = _run(path, (*before, "format=rgba", "crop=1:1:0:0:exact=1"), ("-f", "rawvideo"), workspace)
    if len(corner) < 4:
        raise InvalidInput("The picture could not be read.")
    differs = ":".join(
        f"{part}='255*gt(abs(val-{value}),0)'" for part, value in zip("rgb", corner[:3], strict=True)
    )
    boxed = (*before, "format=rgb24", f"lutrgb={differs}", "format=gray", "bbox=min_val=16")
    output_text = _run(
        path, (*boxed, "metadata=print:file='pipe\\:1'"), ("-f", "null"), workspace, output="-"
    )
    matches = [re.search(rf"lavfi\.bbox\.{name}=(\d+)".encode(), output_text) for name in _BOUNDS]
    left, top, width, height = (int(match[1]) if match else 0 for match in matches)
    return (left, top, width, height) if width and height else None


def _run(
    path: Path,
    filters: Sequence[str],
    output_format: Sequence[str],
    workspace: Workspace,
    *,
    output: str = "pipe:1",
) -> bytes:
    guarded = guarded_input(path, workspace.limits, "-noautorotate")
    result = workspace.ask(
        ["-nostdin", "-hide_banner", "-v", "error", *guarded, "-vf", ",".join(filters), "-frames:v", "1",
         *output_format, output],
        reads=[path],
        timeout_seconds=workspace.limits.probe_seconds,
    )  # fmt: skip
    return result.output
