"""Linux's procfs: which processes there are, and what it tells of each; of one that has ended, nothing."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def processes() -> list[int]:
    """All but this one."""
    numbers = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in numbers if pid != os.getpid()]


def children(pid: int) -> list[int]:
    """Those that a process has started, and that it has not been told the end of."""
    pids = list[int]()
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):  # A thread that has ended left none.
                pids += map(int, (thread / "children").read_text().split())
    return pids


def tree(pid: int) -> list[int]:
    """The process and all that it started, directly or not."""
    pids = [pid]
    for member in pids:
        pids += children(member)
    return pids


def program(pid: int) -> str:
    """Name of the program that it runs, cut to fifteen letters; "" of one that has ended."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


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
