"""Encoders of this machine's ffmpeg, checked for those that our own template needs."""

from __future__ import annotations

from functools import cache

from cattube_worker.media.errors import ToolsMissing
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.run import run
from cattube_worker.media.process.tools import Tools

# Some builds leave out what is under the GPL. Encoders that only other presets need are missed at their use.
NEEDED = frozenset({"libx264", "aac", "mjpeg"})


def check_encoders(tools: Tools) -> None:
    """Check that everything in NEEDED is there. Raises ToolsMissing."""
    if missing := missing_encoders(tools):
        names = ", ".join(missing)
        raise ToolsMissing(f"ffmpeg {tools.version} has no {names}: install the one of your distribution.")


@cache
def missing_encoders(tools: Tools) -> tuple[str, ...]:
    """Those of NEEDED that are not there, sorted; looked for once for each program."""
    arguments = ["-hide_banner", "-encoders"]
    result = run(tools.ffmpeg, arguments, sandbox=tools.sandbox, limits=Limits(), timeout_seconds=30)
    lines = [line.split() for line in result.output.decode("utf-8", "replace").splitlines()]
    return tuple(sorted(NEEDED - {fields[1] for fields in lines if len(fields) > 1}))
