"""Single files that gzip, bzip2 or xz packed."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Iterator
from pathlib import Path

from cattube_worker.robots.file_decompress.bounded_reader import PIECE_BYTES

# What `xz -9` needs, twice.
_MOST_MEMORY_BYTES = 128 * 2**20


def unpacked_pieces(source: Path, head: bytes) -> Iterator[bytes] | None:
    """The bytes of the file that was packed, piece by piece; None where `source` was packed by none of them.

    head: the first bytes of it. The pieces raise EOFError, OSError, zlib.error or LZMAError where it is
    damaged.
    """
    if head.startswith(b"\x1f\x8b"):
        return _gunzip(source)
    if head.startswith(b"BZh"):
        return _bunzip(source)
    return _unxz(source) if head.startswith(b"\xfd7zXZ\0") else None


def _gunzip(source: Path) -> Iterator[bytes]:
    with gzip.open(source) as file:
        yield from iter(lambda: file.read(PIECE_BYTES), b"")


def _bunzip(source: Path) -> Iterator[bytes]:
    with bz2.open(source) as file:
        yield from iter(lambda: file.read(PIECE_BYTES), b"")


def _unxz(source: Path) -> Iterator[bytes]:
    """As lzma.open, which has no bound for the memory that a file may ask for."""
    with source.open("rb") as file:
        waiting = file.read(PIECE_BYTES)
        while waiting.strip(b"\0"):  # streams may follow each other, with zeros in between
            stream = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MOST_MEMORY_BYTES)
            while not stream.eof:
                if stream.needs_input and not waiting:
                    waiting = file.read(PIECE_BYTES)
                    if not waiting:
                        raise EOFError
                piece = stream.decompress(waiting, PIECE_BYTES)
                waiting = b""
                yield piece
            waiting = stream.unused_data or file.read(PIECE_BYTES)
