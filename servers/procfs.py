"""Linux's procfs: which processes there are, and what it tells of each; of one that has ended, nothing."""

from __future__ import annotations

import os
from pathlib import Path


def processes() -> list[int]:
    """All but this one."""
    numbers = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in numbers if pid != os.getpid()]


def children(pid: int) -> list[int]:
    """Those that the first thread of a process has started, and that it has not been told the end of."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def arguments(pid: int) -> list[str]:
    """Words of the command line, beginning with the program."""
    return _texts(pid, "cmdline")


def environment(pid: int) -> list[str]:
    """What the process was started with, each as NAME=value. Nothing of a process of somebody else's."""
    return _texts(pid, "environ")


def _texts(pid: int, name: str) -> list[str]:
    try:
        content = Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return []
    return content.decode(errors="replace").removesuffix("\0").split("\0") if content else []
