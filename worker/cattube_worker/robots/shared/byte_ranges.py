"""Parts of a file, as "range" names them.

Source: Transloadit docs, "/http/import" and "/s3/import".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO

from pydantic import AfterValidator

from cattube_worker.disk_room import DiskRoom
from cattube_worker.errors import AssemblyError
from cattube_worker.robots.shared.values import Texts
from cattube_worker.size_in_words import excess_in_words

_RANGE = re.compile(r"(\d{1,15})?-(\d{1,15})")
_MOST_RANGES = 100
_BLOCK_BYTES = 2**20


@dataclass(frozen=True)
class ByteRange:
    """From `first` to `last`, both included; without a `first` the `last` counts from the end."""

    first: int | None
    last: int

    @classmethod
    def read(cls, text: str) -> ByteRange:
        """The range that "0-99" or "-100" means. Raises ValueError."""
        match = _RANGE.fullmatch(text.strip())
        if match is None:
            raise ValueError(f'expected ranges such as "0-99" or "-100", not "{text[:40]}"')
        first = None if match[1] is None else int(match[1])
        if (first or 0) > int(match[2]):
            raise ValueError(f'the range "{text[:40]}" ends before it begins')
        return cls(first, int(match[2]))

    def within(self, size_bytes: int) -> tuple[int, int]:
        """Its first byte, and the one after its last, in a file of that size."""
        if self.first is None:
            return max(0, size_bytes - self.last), size_bytes
        return min(self.first, size_bytes), min(self.last + 1, size_bytes)


def _checked(texts: tuple[str, ...]) -> tuple[str, ...]:
    if len(texts) > _MOST_RANGES:
        raise ValueError(f"{len(texts)} ranges, where {_MOST_RANGES} are allowed")
    for text in texts:
        ByteRange.read(text)
    return texts


Ranges = Annotated[Texts, AfterValidator(_checked)]


@dataclass(frozen=True)
class RangeWriter:
    """A file put together of pieces: one alone as it is, several at their offsets with zeros between.

    room: on the disk; None: nothing is kept free.
    """

    target: Path
    max_bytes: int
    is_of_one: bool
    room: DiskRoom | None = None

    def add(self, piece: BinaryIO, offset: int, length: int) -> None:
        """Lay that many bytes of `piece` at that offset.

        Raises DiskFull, and AssemblyError where that is too far out.
        """
        start = 0 if self.is_of_one else offset
        if start + length > self.max_bytes:
            raise AssemblyError(
                f"With this part the file has {excess_in_words(start + length, self.max_bytes)}.",
                code="MAX_SIZE_EXCEEDED",
            )
        self.target.touch()
        with self.target.open("r+b") as writing:
            writing.seek(start)
            while length > 0 and (block := piece.read(min(length, _BLOCK_BYTES))):
                writing.write(block)
                if self.room is not None:
                    self.room.note_written(len(block))
                length -= len(block)


def keep_ranges(path: Path, ranges: Sequence[str], *, max_bytes: int, room: DiskRoom | None) -> None:
    """Leave of the file at `path` nothing but these ranges. Raises AssemblyError, DiskFull."""
    whole = path.with_name(f"{path.name}-whole")
    path.replace(whole)
    writer = RangeWriter(path, max_bytes, is_of_one=len(ranges) == 1, room=room)
    with whole.open("rb") as reading:
        for text in ranges:
            start, end = ByteRange.read(text).within(whole.stat().st_size)
            reading.seek(start)
            writer.add(reading, start, end - start)
    whole.unlink()
