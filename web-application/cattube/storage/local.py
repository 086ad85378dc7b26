"""Objects as files of one folder."""

import contextlib
import os
import stat
from pathlib import Path
from typing import BinaryIO

from cattube.storage.object_keys import is_safe


class StoreError(Exception):
    """The store could not do it; the object key is in the message."""


class ObjectMissing(StoreError):
    pass


class LocalStore:
    """The bucket when there is no bucket: `root/<object key>`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def open(self, object_key: str) -> BinaryIO:
        path = self._path(object_key)
        try:
            # O_NOFOLLOW: a link that something put here must not lead out of the folder.
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError as error:
            raise ObjectMissing(object_key) from error
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise ObjectMissing(object_key)
        return os.fdopen(handle, "rb")

    def delete(self, object_key: str) -> None:
        path = self._path(object_key)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(object_key) from error
        with contextlib.suppress(OSError):  # not empty yet: other objects of the Assembly are still there
            path.parent.rmdir()

    def _path(self, object_key: str) -> Path:
        if not is_safe(object_key):
            raise ObjectMissing(object_key)
        return self._root / object_key
