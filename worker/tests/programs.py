"""Programs that run on this machine, as Linux tells of them."""

from __future__ import annotations

from pathlib import Path


def programs_below(folder: Path) -> list[str]:
    """Command lines of the processes that name `folder`, or what lies in it, among their arguments."""
    command_lines = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (process / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if str(folder) in arguments:
            command_lines.append(arguments)
    return command_lines
