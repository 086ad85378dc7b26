"""Room on the disk: what is left above a reserve, which stays free so that the database can always write."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable
from pathlib import Path

from cattube_worker.errors import DiskFull, FileTooLargeForDisk
from cattube_worker.size_in_words import size_in_words

# After so many bytes, of all writers together, the disk is asked again: a question costs more than a small
# block. All that may be written in between is far less than a reserve should be.
CHECK_BYTES = 4 * 1024 * 1024


class DiskRoom:
    """Room above the reserve, asked for by all that write large files.

    folders: the reserve is kept on the disk of each. A disk is asked as it is now: others fill it, too.
    """

    def __init__(self, folders: Iterable[Path], *, reserve_bytes: int) -> None:
        self._folders, self._reserve_bytes = tuple(folders), reserve_bytes
        self._lock = threading.Lock()
        self._unchecked_bytes = 0

    @property
    def left_bytes(self) -> int:
        """Bytes that may still be written; negative once the reserve is in use."""
        free_bytes = min(shutil.disk_usage(folder).free for folder in self._folders)
        return free_bytes - self._reserve_bytes

    def check(self, size_bytes: int = 0, *, announced_bytes: int = 0) -> None:
        """Check that so much can be written beside what others have announced.

        Raises DiskFull; FileTooLargeForDisk where there is room for something smaller.
        """
        left_bytes = self.left_bytes - announced_bytes
        if left_bytes >= size_bytes:
            return
        if not size_bytes:
            raise DiskFull("The disk is full but for its reserve. What arrived is kept; try again later.")
        kind = FileTooLargeForDisk if left_bytes > 0 else DiskFull
        raise kind(
            f"There is not enough disk space for this at the moment: it needs {size_in_words(size_bytes)}, "
            f"and there is room for {size_in_words(max(0, left_bytes))}. Try again later."
        )

    def note_written(self, size_bytes: int) -> None:
        """Count bytes that were written, and check now and then that the reserve is free. Raises DiskFull.

        Once it is not, every writer is stopped at its next block.
        """
        with self._lock:
            self._unchecked_bytes += size_bytes
            if self._unchecked_bytes >= CHECK_BYTES:
                self.check()
                self._unchecked_bytes = 0
