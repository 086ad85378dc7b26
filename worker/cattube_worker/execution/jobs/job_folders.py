"""The folders in which jobs write, and how long they stay."""

from __future__ import annotations

import uuid
from pathlib import Path

from cattube_worker.assembly_folders import folder_name, remove_folder, remove_tree
from cattube_worker.execution.jobs.leases import Lease
from cattube_worker.execution.previews.live_previews import LivePreviews

# The prefix on disk of earlier versions, too: what they left behind must be found.
_STREAMING = "early"


class JobFolders:
    """A folder for each attempt at a job, below that of its assembly in `root`.

    live_previews: those in a folder are withdrawn when the folder is removed.
    """

    def __init__(self, root: Path, live_previews: LivePreviews) -> None:
        self._root, self.live_previews = root, live_previews

    def create(self, lease: Lease) -> Path:
        """An empty folder for this attempt; those of attempts that died go."""
        parent = self._root / folder_name(lease.assembly_id)
        for old in parent.glob(f"{lease.job_id}.*"):
            remove_tree(old)
        folder = parent / f"{lease.job_id}.{lease.fence}"
        folder.mkdir(parents=True)
        return folder

    def streaming_path(self, assembly_id: str) -> Path:
        """A path for the folder of a streaming encode; not made yet."""
        return self._root / folder_name(assembly_id) / f"{_STREAMING}.{uuid.uuid4().hex}"

    def remove(self, assembly_id: str, folder: Path) -> None:
        """Remove the folder of an attempt without results, and withdraw its live preview."""
        remove_tree(folder)
        self.live_previews.withdraw(assembly_id, below=folder)

    def remove_assembly(self, assembly_id: str) -> None:
        remove_folder(self._root, assembly_id)

    def remove_streaming(self) -> None:
        """Remove all streaming encodes: those of an engine that died, which no job asks for any more."""
        for folder in self._root.glob(f"*/{_STREAMING}.*"):
            remove_tree(folder)
