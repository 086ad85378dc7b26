"""Whether the ffmpeg of this machine can make what our own template asks for."""

from __future__ import annotations

from functools import cache

from cattube_worker.media.errors import ToolsMissing
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.run import run
from cattube_worker.media.process.tools import Tools

# Some builds leave out what is under the GPL. What only other presets need is missed when they are asked for.
NEEDED = frozenset({"libx264", "aac", "mjpeg"})


@cache
def check_encoders(tools: Tools) -> None:
    """Check that everything in NEEDED is there; asked once for each program. Raises ToolsMissing."""
    arguments = ["-hide_banner", "-encoders"]
    said = run(tools.ffmpeg, arguments, sandbox=tools.sandbox, limits=Limits(), timeout_seconds=30)
    lines = [line.split() for line in said.output.decode("utf-8", "replace").splitlines()]
    missing = NEEDED - {words[1] for words in lines if len(words) > 1}
    if missing:
        names = ", ".join(sorted(missing))
        raise ToolsMissing(f"ffmpeg {tools.version} has no {names}: install the one of your distribution.")
