"""Files of uploads: the size of a file is the offset of its upload."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from cattube_worker.assembly_folders import folder_name, remove_folder
from cattube_worker.disk_room import DiskRoom
from cattube_worker.errors import DISK_FULL, DiskFull, TryLater
from cattube_worker.tus.metered_file import MeteredFile
from cattube_worker.tus.protocol import UploadGone, UploadLocked

UPLOAD_ID = re.compile(r"[0-9a-f]{32}_[0-9a-f]{32}")
JOIN_BLOCK_BYTES = 1024 * 1024


def upload_at(path: Path, *, assembly_id: str) -> str:
    """Id of the assembly's upload whose file this is."""
    return path.name if UPLOAD_ID.fullmatch(path.name) else f"{assembly_id}_{path.name}"


def held_name(upload_id: str) -> str:
    """How hosts call the upload's file among each other: "<folder>/<name>". It does not tell the assembly."""
    assembly_id, name = upload_id.split("_")
    return f"{folder_name(assembly_id)}/{name}"


class UploadFiles:
    """Files below `root`, one per upload, in a folder per assembly.

    An upload id is "<assembly id>_<32 hex digits>", as Transloadit's are. The file is named by its second
    half. What is written to them stops at the reserve of `room`.
    host: name of the host on which they are; None where there is only one host.
    """

    def __init__(self, root: Path, *, room: DiskRoom, host: str | None = None) -> None:
        self._root, self.room, self.host = root, room, host

    def path(self, upload_id: str) -> Path:
        """Path of an upload's file. Raises ValueError for what is no upload id, such as "../x"."""
        if not UPLOAD_ID.fullmatch(upload_id):
            raise ValueError(upload_id)
        assembly_id, name = upload_id.split("_")
        # As earlier versions named it, of which an upload may be under way.
        old_path = self._root / assembly_id / upload_id
        return old_path if old_path.exists() else self._root / folder_name(assembly_id) / name

    def held(self, folder: str, name: str) -> Path | None:
        """The file that `held_name` names, if it is here."""
        path = self._root / folder / name
        return path if path.is_file() else None

    def create(self, upload_id: str) -> None:
        """Create the empty file. Raises DiskFull."""
        path = self.path(upload_id)
        with disk_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(exist_ok=False)

    def adopt(self, upload_id: str, source: Path) -> None:
        """Create a whole upload with the bytes of `source`: as a link, or copied from another disk.

        Raises FileNotFoundError, DiskFull.
        """
        path = self.path(upload_id)
        with disk_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                path.hardlink_to(source)
            except FileNotFoundError:
                raise
            except OSError:
                self.room.check(source.stat().st_size)
                shutil.copyfile(source, path)

    def join(self, upload_id: str, parts: Sequence[Path]) -> None:
        """Create an upload with the bytes of these files, one behind the other; those stay as they are.

        Raises UploadGone, DiskFull.
        """
        with self.write(upload_id) as target:
            for part in parts:
                try:
                    source = part.open("rb", buffering=0)
                except FileNotFoundError:
                    raise UploadGone("The bytes of a part are gone.") from None
                with source:
                    shutil.copyfileobj(source, target, JOIN_BLOCK_BYTES)

    def offset(self, upload_id: str) -> int | None:
        """Number of bytes received; None when there is no such file."""
        try:
            return self.path(upload_id).stat().st_size
        except FileNotFoundError:
            return None

    def remove(self, upload_id: str) -> None:
        self.path(upload_id).unlink(missing_ok=True)

    def remove_assembly(self, assembly_id: str) -> None:
        remove_folder(self._root, assembly_id)

    def digest(self, upload_id: str, algorithm: str, *, start: int) -> bytes:
        """Digest of the bytes from `start` on."""
        with self.path(upload_id).open("rb") as file:
            file.seek(start)
            return hashlib.file_digest(file, algorithm).digest()

    def cut(self, upload_id: str, size_bytes: int) -> None:
        """Truncate the file to its first `size_bytes`."""
        os.truncate(self.path(upload_id), size_bytes)

    @contextmanager
    def write(self, upload_id: str) -> Iterator[FileIO]:
        """A new file, open for writing. Raises DiskFull."""
        self.create(upload_id)
        with disk_errors(), MeteredFile(self.path(upload_id), "wb", room=self.room) as file:
            yield file

    @contextmanager
    def append(self, upload_id: str) -> Iterator[FileIO]:
        """File, open for appending. No other process writes in the meantime.

        Raises UploadLocked, DiskFull.
        """
        with disk_errors(), MeteredFile(self.path(upload_id), "ab", room=self.room) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UploadLocked("Another process is writing to this upload.") from None
            try:
                yield file
            finally:
                # Closing is not enough: a program just being started holds a copy of the descriptor.
                fcntl.flock(file, fcntl.LOCK_UN)


@contextmanager
def disk_errors() -> Iterator[None]:
    """Turn a disk that is full, or out of files, into an answer that clients retry on."""
    try:
        yield
    except OSError as error:
        if error.errno in DISK_FULL:
            raise DiskFull("The disk is full. What arrived is kept; try again later.") from error
        if error.errno in {errno.EMFILE, errno.ENFILE}:
            raise TryLater("Too many files are open. Try again in a moment.") from error
        raise
