"""Files that are dear to make, made once for all workers of a test run."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def shared_folder(factory: pytest.TempPathFactory, name: str, fill: Callable[[Path], object]) -> Path:
    """The folder of that name, filled once for all workers of a test run."""
    base = factory.getbasetemp()
    # Each worker of pytest-xdist has a folder of its own in that of the run.
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, is_filled = root / name, root / f"{name}.filled"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_filled.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of a worker that failed at it
            folder.mkdir()
            fill(folder)
            is_filled.touch()
    return folder
