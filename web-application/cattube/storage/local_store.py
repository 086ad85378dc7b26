"""Objects as files of one folder."""

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from cattube.storage.object_keys import is_folder, is_safe
from cattube.storage.objects import (
    LinkTimes,
    ObjectMissing,
    ObjectTooLong,
    StoredObject,
    StoreError,
    UnfinishedUpload,
)


class LocalStore:
    """Store without a bucket: an object is the file `root/<object key>`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def open(self, object_key: str) -> BinaryIO:
        """File of the object, seekable. Raises ObjectMissing."""
        path = self._path(object_key)
        try:
            # O_NOFOLLOW: a symbolic link in the folder must not lead out of it.
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError as error:
            raise ObjectMissing(object_key) from error
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise ObjectMissing(object_key)
        return os.fdopen(handle, "rb")

    def read(self, object_key: str, *, at_most_bytes: int) -> bytes:
        with self.open(object_key) as file:
            content = file.read(at_most_bytes + 1)
        if len(content) > at_most_bytes:
            raise ObjectTooLong(object_key)
        return content

    def direct_url(self, object_key: str, *, content_type: str, times: LinkTimes) -> None:
        return None

    def delete(self, object_key: str) -> None:
        path = self._path(object_key)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(object_key) from error
        self._remove_empty(path.parent)

    def delete_folder(self, folder: str) -> None:
        if not is_folder(folder):
            raise StoreError(folder)
        path = self._root / folder
        try:
            shutil.rmtree(path)
        except FileNotFoundError:
            return
        except OSError as error:
            raise StoreError(folder) from error
        self._remove_empty(path.parent)

    def objects(self) -> Iterator[StoredObject]:
        for path in sorted(self._root.rglob("*")):
            facts = path.lstat()
            if not stat.S_ISDIR(facts.st_mode):
                changed_at = datetime.fromtimestamp(facts.st_mtime, UTC)
                name = path.relative_to(self._root).as_posix()
                yield StoredObject(name, facts.st_size, changed_at, is_visible=stat.S_ISREG(facts.st_mode))

    def unfinished(self) -> Iterator[UnfinishedUpload]:
        """No uploads: a file that is being written is a file like others."""
        return iter(())

    def abort(self, upload: UnfinishedUpload) -> None:
        raise StoreError(upload.object_key)

    def _path(self, object_key: str) -> Path:
        if not is_safe(object_key):
            raise ObjectMissing(object_key)
        return self._root / object_key

    def _remove_empty(self, folder: Path) -> None:
        with contextlib.suppress(OSError):  # not empty yet: other objects are still there
            while folder != self._root:
                folder.rmdir()
                folder = folder.parent
