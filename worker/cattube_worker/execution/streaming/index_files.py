"""Indexes (`moov` boxes) that were sent ahead of their uploads, kept on disk."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from cattube_worker.assembly_folders import folder_name
from cattube_worker.execution.streaming.stream_layout import SentIndex
from cattube_worker.tus.upload_files import disk_errors

_START = struct.Struct(">Q")


def read_index(content: bytes) -> SentIndex:
    """The index in a file of IndexFiles."""
    return SentIndex(_START.unpack_from(content)[0], content[_START.size :])


class IndexFiles:
    """The files below `root`, in the folder of each assembly: they go when that goes."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @contextmanager
    def put(self, upload_id: str, start: int) -> Iterator[FileIO]:
        """A file for the index that lies at `start` of the upload; kept unless the block raises.

        Raises DiskFull.
        """
        path = self._path(upload_id)
        new_path = path.with_suffix(".new")
        with disk_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with new_path.open("w+b", buffering=0) as file:
                    file.write(_START.pack(start))
                    yield file
                new_path.replace(path)
            finally:
                new_path.unlink(missing_ok=True)

    def get(self, upload_id: str) -> SentIndex | None:
        try:
            content = self._path(upload_id).read_bytes()
        except FileNotFoundError:
            return None
        return read_index(content)

    def held(self, folder: str, name: str) -> Path | None:
        """The file of the upload that hosts call so among each other, if its index was sent."""
        path = self._root / folder / f"{name}.index"
        return path if path.is_file() else None

    def _path(self, upload_id: str) -> Path:
        assembly_id, name = upload_id.split("_")
        return self._root / folder_name(assembly_id) / f"{name}.index"
