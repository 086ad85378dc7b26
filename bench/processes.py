"""What a process and its children cost, read from /proc (Linux)."""

from __future__ import annotations

import os
import re
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[int]:
    """The process and all that it started, as far as they live."""
    found, todo = [], [pid]
    while todo:
        current = todo.pop()
        found.append(current)
        for task in Path(f"/proc/{current}/task").glob("*/children"):
            todo += [int(child) for child in task.read_text().split()]
    return found


def cpu_seconds(pid: int) -> float:
    """User and system time of the tree so far."""
    ticks = 0
    for member in tree(pid):
        fields = Path(f"/proc/{member}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS_PER_SECOND


def pss_mib(pid: int) -> float:
    """Memory of the tree, shared pages counted once."""
    return sum(_kib(f"/proc/{member}/smaps_rollup", "Pss") for member in tree(pid)) / 1024


def peak_rss_mib(pid: int) -> float:
    """The largest resident size that any process of the tree has had since it started."""
    return max(_kib(f"/proc/{member}/status", "VmHWM") for member in tree(pid)) / 1024


def _kib(path: str, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB", Path(path).read_text(), re.M)
    return int(found[1]) if found else 0
