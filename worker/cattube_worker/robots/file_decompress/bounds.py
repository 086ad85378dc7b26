"""What may come out of an archive: a few bytes can stand for more files and bytes than a machine has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.process.run import Stopped
from cattube_worker.protocol.file_names import clean_name
from cattube_worker.size_in_words import size_in_words

MOST_FILES = 1000
# A text becomes about ten times smaller, a log a hundred times; what becomes smaller still says nothing.
MOST_TIMES_LARGER = 200
# So much may come of any archive, however small it is.
_FREE_BYTES = 64 * 2**20
_LONGEST_PATH = 4096


class ArchiveRefused(InvalidInput):
    """An archive is damaged, or holds what is not unpacked here."""

    code = "FILE_DECOMPRESS_INVALID_INPUT"


@dataclass(frozen=True, kw_only=True)
class Member:
    """A file that was unpacked. directory: in which it lay in the archive, "" for none."""

    path: Path
    name: str
    directory: str


@dataclass(kw_only=True)
class Bounds:
    """Counts what comes out of one archive, which people call `name`. most_bytes: of all files together.

    stop: once set, nothing more is unpacked.
    """

    name: str
    archive_bytes: int
    most_bytes: int
    stop: Event
    files: int = 0
    unpacked_bytes: int = 0

    def again(self) -> Bounds:
        """The same bounds with nothing counted, for what lies in an archive that was itself packed."""
        return Bounds(
            name=self.name, archive_bytes=self.archive_bytes, most_bytes=self.most_bytes, stop=self.stop
        )

    def check_count(self, files: int) -> None:
        """Check the number of files of an archive that tells it. Raises ArchiveRefused."""
        if files > MOST_FILES:
            raise self.refused(f"holds {files:,} files, where {MOST_FILES:,} are allowed")

    def count_file(self) -> None:
        """Count a file of an archive that does not tell how many there are. Raises ArchiveRefused."""
        self.files += 1
        if self.files > MOST_FILES:
            raise self.refused(f"holds more than the {MOST_FILES:,} files that are allowed")

    def count_bytes(self, size_bytes: int) -> None:
        """Raises ArchiveRefused, Stopped."""
        if self.stop.is_set():
            raise Stopped
        self.unpacked_bytes += size_bytes
        if self.unpacked_bytes > self.most_bytes:
            raise self.refused(
                f"has {size_in_words(self.archive_bytes)}, and unpacks to more than the "
                f"{size_in_words(self.most_bytes)} that are allowed"
            )
        if self.unpacked_bytes > _FREE_BYTES + MOST_TIMES_LARGER * self.archive_bytes:
            raise self.refused(
                f"has {size_in_words(self.archive_bytes)}, and unpacks to more than the "
                f"{MOST_TIMES_LARGER} times as much that are allowed"
            )

    def member(self, raw_path: str, path: Path) -> Member:
        """The file of that path in the archive, at `path`. Raises ArchiveRefused where it leads elsewhere."""
        plain = raw_path.replace("\\", "/")
        parts = [part for part in plain.split("/") if part not in {"", "."}]
        leads_away = plain.startswith("/") or re.match(r"[A-Za-z]:", plain) or ".." in parts
        if leads_away or not parts or len(raw_path) > _LONGEST_PATH:
            raise self.refused("holds a file whose path leads out of its folder")
        directory = "/".join(clean_name(part) for part in parts[:-1])
        return Member(path=path, name=clean_name(parts[-1]), directory=directory)

    def write(self, pieces: Iterable[bytes], path: Path) -> int:
        """Write a file that was unpacked, and tell its size. Raises ArchiveRefused, Stopped."""
        before = self.unpacked_bytes
        with path.open("wb") as target:
            for piece in pieces:
                self.count_bytes(len(piece))
                target.write(piece)
        return self.unpacked_bytes - before

    def refused(self, reason: str) -> ArchiveRefused:
        """An error about the archive. reason: goes on after its name."""
        return ArchiveRefused(f'"{self.name}" {reason}.')
