"""ZIP archives, with entries that are stored or deflated."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

from cattube_worker.robots.file_decompress.bounded_reader import PIECE_BYTES, BoundedReader
from cattube_worker.robots.file_decompress.bounds import ArchiveRefused, Bounds, Member

# An entry of the directory has some 150 bytes.
_MOST_DIRECTORY_BYTES = 2**20
# LZMA's entries could ask for gigabytes of memory.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1


def unzip(source: Path, folder: Path, bounds: Bounds) -> Iterator[Member]:
    """Each file in the archive, once it is unpacked into the folder.

    Raises ArchiveRefused, Stopped, and what zipfile raises for a damaged archive.
    """
    reader = BoundedReader(source, most_at_once=_MOST_DIRECTORY_BYTES)
    with reader, zipfile.ZipFile(reader) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        bounds.check_count(len(entries))
        for entry in entries:
            _check(entry, bounds)
        for index, entry in enumerate(entries):
            member = bounds.member(entry.filename, folder / f"member-{index}")
            with archive.open(entry) as packed:
                size_bytes = bounds.write(iter(lambda: packed.read(PIECE_BYTES), b""), member.path)
            if size_bytes:
                yield member


def _check(entry: zipfile.ZipInfo, bounds: Bounds) -> None:
    """Raises ArchiveRefused."""
    if entry.flag_bits & _ENCRYPTED:
        raise ArchiveRefused(
            f'"{bounds.name}" is encrypted: encrypted archives are not unpacked here.',
            code="FILE_DECOMPRESS_PASSWORD_REQUIRED",
        )
    if entry.compress_type not in _METHODS:
        raise bounds.refused("is packed in a way that is not read here")
    if stat.S_IFMT(entry.external_attr >> 16) not in {0, stat.S_IFREG}:
        raise bounds.refused("holds a link, or something else that is no file")
