"""A small disk of its own for a folder, where this process may mount one."""

from __future__ import annotations

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CLONE_NEWNS = 0x20000


def can_mount() -> bool:
    return os.geteuid() == 0


def have_own_mounts() -> None:
    """Have what this process mounts end with it, and with all that it started."""
    if can_mount() and ctypes.CDLL(None).unshare(_CLONE_NEWNS) == 0:
        subprocess.run(["mount", "--make-rprivate", "/"], check=True)


@contextmanager
def small_disk(folder: Path, *, size_mb: int) -> Iterator[None]:
    """A new folder on a disk of that size; on that of its parent where none can be mounted."""
    folder.mkdir(mode=0o700)
    if not can_mount():
        yield
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_mb}m,mode=700", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        # Lazily: a process that was just killed may still have a file there open.
        subprocess.run(["umount", "--lazy", folder], check=True)
