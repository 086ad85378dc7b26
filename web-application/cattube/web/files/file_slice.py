"""Part of an open file, as servers send it."""

import os
from typing import BinaryIO

from cattube.web.files.ranges import ByteRange


class FileSlice:
    """Part of an open file, as a file.

    It has no `tell` and does not call itself seekable, so that FileResponse leaves the length to us. The
    file's own descriptor stands at the first byte, so that gunicorn can hand it to sendfile.
    """

    def __init__(self, file: BinaryIO, part: ByteRange) -> None:
        self._file = file
        self._end = part.first + part.length
        self._left = part.length
        file.seek(part.first)
        # sendfile starts where the descriptor stands, which buffering may have left elsewhere.
        os.lseek(file.fileno(), part.first, os.SEEK_SET)

    def fileno(self) -> int:
        return self._file.fileno()

    def seekable(self) -> bool:
        return False

    def seek(self, position: int) -> None:
        """Go to a place in the file: `socket.sendfile` does when the client left before the first byte."""
        self._file.seek(position)
        self._left = self._end - position

    def read(self, size: int = -1) -> bytes:
        length = self._left if size < 0 else min(size, self._left)
        chunk = self._file.read(length)
        self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        self._file.close()
