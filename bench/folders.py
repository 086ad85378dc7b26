"""The folder that a measurement works in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def work_folder() -> Iterator[Path]:
    """An empty folder, which is gone after the block."""
    with tempfile.TemporaryDirectory(prefix="cattube-bench-") as name:
        yield Path(name)
