"""Files that grow by what clients send, as far as the disk has room."""

from __future__ import annotations

from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING

from cattube_worker.disk_room import DiskRoom

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class MeteredFile(FileIO):
    """A file to write to until the disk is full but for its reserve. mode: "ab" or "wb"."""

    def __init__(self, path: Path, mode: str, *, room: DiskRoom) -> None:
        super().__init__(path, mode)
        self._room = room

    def write(self, block: ReadableBuffer, /) -> int:
        """Write the block, and return how much of it the disk took. Raises DiskFull once it is written."""
        count = super().write(block)
        self._room.note_written(count)
        return count
