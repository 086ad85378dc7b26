"""TAR archives."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from pathlib import Path

from cattube_worker.robots.file_decompress.bounded_reader import BoundedReader, pieces_of
from cattube_worker.robots.file_decompress.bounds import MOST_FILES, Bounds, Member

_BLOCK_BYTES = tarfile.BLOCKSIZE
# A header can have another before it, which holds a long name, and much else that is not needed here.
_MOST_HEADER_BYTES = 8 * 1024
_MOST_HEADERS_BYTES = 2**18 + 2 * MOST_FILES * _BLOCK_BYTES
# tarfile looked for a number in a time that grows with the square of its digits, before Python 3.11.10.
_MOST_DIGITS = re.compile(rb"\d{100}")


def is_tar(head: bytes) -> bool:
    """True when these are the first bytes of a TAR archive."""
    try:
        tarfile.TarInfo.frombuf(head[:_BLOCK_BYTES], "utf-8", "surrogateescape")
    except (tarfile.TarError, ValueError):
        return False
    return True


def untar(source: Path, folder: Path, bounds: Bounds) -> Iterator[Member]:
    """Each file in the archive, once it is unpacked into the folder.

    Raises ArchiveRefused, Stopped, and what tarfile raises for a damaged archive.
    """
    reader = BoundedReader(
        source,
        most_at_once=_MOST_HEADER_BYTES,
        most_together=_MOST_HEADERS_BYTES,
        forbidden=_MOST_DIGITS,
    )
    with reader, tarfile.open(fileobj=reader, mode="r:") as archive:
        while (entry := archive.next()) is not None:
            bounds.count_file()
            if entry.isdir():
                continue
            if not entry.isreg() or entry.issparse():
                raise bounds.refused("holds a link, or something else that is no plain file")
            member = bounds.member(entry.name, folder / f"member-{bounds.files}")
            # Not by extractfile: these reads are none of the parser's.
            pieces = pieces_of(source, entry.offset_data, entry.size)
            if bounds.write(pieces, member.path):
                yield member
