"""Encoders of this machine's ffmpeg, checked for those that our own template needs."""

from __future__ import annotations

from functools import cache

from cattube_worker.media.errors import ToolsMissing
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.run import run
from cattube_worker.media.process.tools import Tools

# Some builds leave out what is under the GPL. Encoders that only other presets need are missed at their use.
NEEDED = frozenset({"libx264", "aac", "mjpeg"})


@cache
def check_encoders(tools: Tools) -> None:
    """Check that everything in NEEDED is there, once for each program. Raises ToolsMissing."""
    arguments = ["-hide_banner", "-encoders"]
    result = run(tools.ffmpeg, arguments, sandbox=tools.sandbox, limits=Limits(), timeout_seconds=30)
    lines = [line.split() for line in result.output.decode("utf-8", "replace").splitlines()]
    missing = NEEDED - {fields[1] for fields in lines if len(fields) > 1}
    if missing:
        names = ", ".join(sorted(missing))
        raise ToolsMissing(f"ffmpeg {tools.version} has no {names}: install the one of your distribution.")
