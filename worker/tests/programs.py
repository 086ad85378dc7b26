"""Programs that run on this machine."""

from __future__ import annotations

from pathlib import Path

from servers.procfs import arguments, processes


def programs_below(folder: Path) -> list[str]:
    """Command lines of the processes that name `folder`, or what lies in it, among their arguments."""
    lines = (" ".join(arguments(pid)) for pid in processes())
    return [line for line in lines if str(folder) in line]
