"""The index of an upload, kept until the upload gets there itself."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from cattube_worker.execution.streaming.stream_layout import SentIndex
from cattube_worker.tus.upload_files import disk_errors

_START = struct.Struct(">Q")


class IndexFiles:
    """The indexes sent ahead, in the assemblies' folders below `root`: they go when those do."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @contextmanager
    def put(self, upload_id: str, start: int) -> Iterator[FileIO]:
        """A file to write an index to that lies at `start`; kept unless the block raises.

        Raises DiskFull.
        """
        path = self._path(upload_id)
        young = path.with_suffix(".new")
        with disk_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with young.open("w+b", buffering=0) as file:
                    file.write(_START.pack(start))
                    yield file
                young.replace(path)
            finally:
                young.unlink(missing_ok=True)

    def get(self, upload_id: str) -> SentIndex | None:
        try:
            content = self._path(upload_id).read_bytes()
        except FileNotFoundError:
            return None
        return SentIndex(_START.unpack_from(content)[0], content[_START.size :])

    def _path(self, upload_id: str) -> Path:
        return self._root / upload_id[:32] / f"{upload_id}.index"
