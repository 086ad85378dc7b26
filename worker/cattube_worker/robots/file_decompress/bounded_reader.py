"""A file that gives a parser no more of an archive's directory than one can need."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

PIECE_BYTES = 256 * 1024


class TooMuch(Exception):
    """The headers of an archive are larger than any can need to be."""


class BoundedReader(io.BufferedReader):
    """The parsers of the standard library read as many bytes at once as an archive says its headers have.

    most_at_once: bytes of one read. most_together: of all reads; None counts none. forbidden: no read gives
    bytes in which it is found.
    """

    def __init__(
        self,
        path: Path,
        *,
        most_at_once: int,
        most_together: int | None = None,
        forbidden: re.Pattern[bytes] | None = None,
    ) -> None:
        super().__init__(io.FileIO(path))
        self._size_bytes = path.stat().st_size
        self._most_at_once, self._left, self._forbidden = most_at_once, most_together, forbidden

    def read(self, size: int | None = -1, /) -> bytes:
        """Raises TooMuch."""
        rest = max(0, self._size_bytes - self.tell())
        asked = rest if size is None or size < 0 else min(size, rest)
        if asked > self._most_at_once or (self._left is not None and asked > self._left):
            raise TooMuch
        if self._left is not None:
            self._left -= asked
        piece = super().read(size)
        if self._forbidden is not None and self._forbidden.search(piece):
            raise TooMuch
        return piece


def pieces_of(path: Path, start: int, size_bytes: int) -> Iterator[bytes]:
    """Bytes of a file, from `start` on. Raises EOFError where there are fewer."""
    with path.open("rb") as file:
        file.seek(start, os.SEEK_SET)
        while size_bytes > 0:
            piece = file.read(min(size_bytes, PIECE_BYTES))
            if not piece:
                raise EOFError
            size_bytes -= len(piece)
            yield piece
