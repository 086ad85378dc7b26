"""The commands that stand beside the engine, and what they cost."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from e2e.site import ROOT

YARDSTICKS = ROOT / "bench" / "yardsticks"
WATERMARK = ROOT / "worker" / "cattube_worker" / "assets" / "watermark.png"


@dataclass(frozen=True)
class Spent:
    """What a command cost: time on the wall, and that of all processors together."""

    seconds: float
    cpu_seconds: float


def yardstick(script: str, *arguments: str | Path) -> Spent:
    """What one of our yardsticks costs."""
    return timed(YARDSTICKS / script, *arguments)


def timed(*argv: str | Path) -> Spent:
    """What a command costs with all that it starts. Raises CalledProcessError."""
    cpu, start = _children_cpu_seconds(), time.perf_counter()
    subprocess.run(argv, check=True, env={**os.environ, "WATERMARK": str(WATERMARK)})
    return Spent(time.perf_counter() - start, _children_cpu_seconds() - cpu)


def _children_cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
