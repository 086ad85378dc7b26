"""Results that no step stored: kept on disk for a while after their assembly has ended."""

from __future__ import annotations

import shutil
from pathlib import Path


class ResultFiles:
    """The files below `root`, in a folder per assembly, each under the id of its file."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, assembly_id: str, file_id: str) -> Path:
        return self._root / assembly_id / file_id

    def keep(self, source: Path, assembly_id: str, file_id: str) -> Path:
        """Move `source` here, unless that was done before; the new path is returned."""
        target = self.path(assembly_id, file_id)
        if source.exists() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
        return target

    def remove_assembly(self, assembly_id: str) -> None:
        shutil.rmtree(self._root / assembly_id, ignore_errors=True)

    def remove_before(self, time: float) -> None:
        """Remove the results of assemblies that ended before `time`, in seconds since the epoch."""
        for folder in self._root.iterdir():
            if folder.stat().st_mtime < time:
                shutil.rmtree(folder, ignore_errors=True)
