"""Processes of tests that may hang: an end for them, so that nobody waits for ever."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

# Longer than anything takes on a busy machine.
PATIENCE_SECONDS = 300.0


@contextmanager
def killed_after(process: subprocess.Popen[Any], seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Kill the process when the block takes longer: whoever waits in there for its output finds the end."""
    timer = Timer(seconds, process.kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def bounded_process(
    argv: Sequence[str | Path], *, seconds: float = PATIENCE_SECONDS, **settings: Any
) -> Iterator[subprocess.Popen[Any]]:
    """A process that does not outlive the block, nor that many seconds. settings: as Popen knows them."""
    with subprocess.Popen(argv, **settings) as process, killed_after(process, seconds):
        try:
            yield process
        finally:
            process.kill()  # For Popen waits for its end, also when the block has failed.
