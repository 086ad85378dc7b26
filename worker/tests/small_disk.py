"""A small disk, as the engine sees it: what lies below a folder takes up room, and nothing else does."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

from cattube_worker import disk_room


class Usage(NamedTuple):
    free: int


@dataclass
class SmallDisk:
    """A disk on which `folder` lies. Its files take up as much as they are long; databases take nothing."""

    folder: Path
    size_bytes: int

    def usage(self, _folder: Path) -> Usage:
        files = [path for path in self.folder.rglob("*") if path.is_file() and ".sqlite3" not in path.name]
        return Usage(self.size_bytes - sum(path.stat().st_size for path in files))

    @property
    def free_bytes(self) -> int:
        return self.usage(self.folder).free


def use_small_disk(monkeypatch: pytest.MonkeyPatch, folder: Path, *, size_bytes: int) -> SmallDisk:
    """The disk of `folder` from now on. The engine looks at it at every block."""
    disk = SmallDisk(folder, size_bytes)
    monkeypatch.setattr(shutil, "disk_usage", disk.usage)
    monkeypatch.setattr(disk_room, "CHECK_BYTES", 1)
    return disk
