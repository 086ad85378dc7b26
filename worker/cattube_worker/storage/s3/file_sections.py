"""A part of a file as a file of its own, so that threads send one file without holding it in memory."""

from __future__ import annotations

import hashlib
import io
import os
from base64 import b64encode
from dataclasses import dataclass
from typing import BinaryIO

_BLOCK_BYTES = 2**20


@dataclass(frozen=True)
class Section:
    """Bytes `start` to `start + size_bytes` of the open `file`, which no reader moves in."""

    file: BinaryIO
    start: int
    size_bytes: int

    def open(self) -> SectionReader:
        """The bytes from their beginning, for one thread."""
        return SectionReader(self)

    def md5(self) -> bytes:
        """What a bucket service compares, and mostly answers as ETag. No secret rests on it."""
        digest = hashlib.md5(usedforsecurity=False)
        self.add_to(digest)
        return digest.digest()

    def add_to(self, digest: hashlib._Hash) -> None:
        """Have the bytes count in the digest."""
        with self.open() as reader:
            while block := reader.read(_BLOCK_BYTES):
                digest.update(block)


def content_md5(digest: bytes) -> str:
    """The digest in the form of the header Content-MD5."""
    return b64encode(digest).decode()


class SectionReader(io.RawIOBase):
    """Reads one section. It has a length, since that is where botocore looks for one."""

    def __init__(self, section: Section) -> None:
        super().__init__()
        self._section, self._position = section, 0

    def __len__(self) -> int:
        return self._section.size_bytes

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: len(self)}[whence]
        self._position = min(max(origin + offset, 0), len(self))
        return self._position

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # what io hands over
        view = memoryview(buffer)[: len(self) - self._position]
        read = os.preadv(self._section.file.fileno(), [view], self._section.start + self._position)
        self._position += read
        return read
