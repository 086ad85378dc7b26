"""Sections of a file, each read as a file of its own: threads send or fetch one file without holding it."""

from __future__ import annotations

import hashlib
import io
import os
from base64 import b64encode
from dataclasses import dataclass
from typing import BinaryIO

_BLOCK_BYTES = 2**20


@dataclass(frozen=True)
class FileSection:
    """Bytes `start` to `end` of the open `file`, whose position no reader moves."""

    file: BinaryIO
    start: int
    size_bytes: int

    @property
    def end(self) -> int:
        return self.start + self.size_bytes

    def open(self) -> SectionReader:
        """Reader of the bytes from their beginning, for one thread."""
        return SectionReader(self)

    def md5(self) -> bytes:
        """Digest that a bucket service compares, and mostly answers as ETag. No secret rests on it."""
        digest = hashlib.md5(usedforsecurity=False)
        self.add_to(digest)
        return digest.digest()

    def add_to(self, digest: hashlib._Hash) -> None:
        """Add the bytes to the digest."""
        with self.open() as reader:
            while block := reader.read(_BLOCK_BYTES):
                digest.update(block)


def split(file: BinaryIO, size_bytes: int, section_bytes: int) -> list[FileSection]:
    """Sections of a file of that size; only the last may be shorter than the others."""
    return [
        FileSection(file, start, min(section_bytes, size_bytes - start))
        for start in range(0, size_bytes, section_bytes)
    ]


def content_md5(digest: bytes) -> str:
    """Value of the header Content-MD5."""
    return b64encode(digest).decode()


class SectionReader(io.RawIOBase):
    """Reader of one section. It has a length, since botocore asks a body for one."""

    def __init__(self, section: FileSection) -> None:
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

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # what io passes
        view = memoryview(buffer)[: len(self) - self._position]
        read = os.preadv(self._section.file.fileno(), [view], self._section.start + self._position)
        self._position += read
        return read
