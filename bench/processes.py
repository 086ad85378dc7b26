"""What a process and its children cost, read from /proc (Linux)."""

from __future__ import annotations

import ctypes
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from servers.procfs import children, tree

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
PR_SET_CHILD_SUBREAPER = 36


def own(pid: int) -> list[int]:
    """Those of the tree that run the same program as `pid`: of a server, its workers and not its ffmpeg."""
    program = _program(pid)
    return [member for member in tree(pid) if _program(member) == program]


def cpu_seconds(pid: int) -> float:
    """User and system time of the tree so far, with that of children which ended and were waited for."""
    ticks = 0
    for member in tree(pid):
        with suppress(OSError):
            fields = Path(f"/proc/{member}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / TICKS_PER_SECOND


@contextmanager
def adopting() -> Iterator[Callable[[], float]]:
    """Have orphans become children of this process until the block ends.

    What is given waits for those there are, and tells the seconds of all processors that they have cost. A
    sandbox ends without waiting for the program inside, whose time nobody else would count.
    """
    known = set(children(os.getpid()))

    def adopted_cpu_seconds() -> float:
        costs = [os.wait4(pid, 0)[2] for pid in children(os.getpid()) if pid not in known]
        return sum(cost.ru_utime + cost.ru_stime for cost in costs)

    prctl = ctypes.CDLL(None, use_errno=True).prctl
    if prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "orphans cannot be adopted here")
    try:
        yield adopted_cpu_seconds
    finally:
        prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def pss_mb(pid: int) -> float:
    """Memory of the tree in millions of bytes, shared pages counted once."""
    return sum(_bytes(f"/proc/{member}/smaps_rollup", "Pss") for member in tree(pid)) / 1e6


def peak_rss_mb(pid: int) -> float:
    """The largest resident size that any process of the server itself has had since it started."""
    return max(_bytes(f"/proc/{member}/status", "VmHWM") for member in own(pid)) / 1e6


def _program(pid: int) -> str:
    try:
        return str(Path(f"/proc/{pid}/exe").readlink())
    except OSError:
        return ""


def _bytes(path: str, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB", Path(path).read_text(), re.M)
    return int(found[1]) * 1024 if found else 0
