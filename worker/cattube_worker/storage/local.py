"""Store in a folder of this machine."""

from __future__ import annotations

import contextlib
import filecmp
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from cattube_worker.disk_room import DiskRoom
from cattube_worker.storage.errors import KeyTaken, ObjectMissing, StoreError, UnsafeKey, UnsupportedAttribute
from cattube_worker.storage.object_keys import safe_key
from cattube_worker.storage.object_size import check_size
from cattube_worker.storage.signed_links import object_path
from cattube_worker.storage.store import ObjectAttributes

# Names of copies under way: the listing leaves them out.
_ARRIVING = ".arriving-"


class LocalStore:
    """Objects as files below `root`, which is made when first needed.

    sign: signs the URL under which this engine serves an object for a while.
    """

    def __init__(self, root: Path, sign: Callable[[str, timedelta], str]) -> None:
        self._root, self._sign = root, sign

    def put(
        self,
        key: str,
        source: Path,
        *,
        content_type: str | None = None,
        attributes: ObjectAttributes | None = None,
    ) -> None:
        """Link `source` in, or copy it from another disk; a reader never sees half an object."""
        _check_attributes(attributes or ObjectAttributes())
        target = self.path_of(key)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._place(source, target)
        except FileExistsError as error:
            if not _are_same(source, target):
                raise KeyTaken(f'There is another object called "{key}" already.') from error
        except OSError as error:
            raise StoreError(f'"{key}" could not be stored: {error.strerror}.') from error

    def fetch(
        self, key: str, target: Path, *, room: DiskRoom | None = None, max_bytes: int | None = None
    ) -> None:
        source = self.path_of(key)
        try:
            size_bytes = source.stat().st_size
            check_size(key, size_bytes, max_bytes=max_bytes)
            if room is not None:
                room.check(size_bytes)
            shutil.copyfile(source, target)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            raise ObjectMissing(f'There is no object called "{key}".') from error
        except OSError as error:
            raise StoreError(f'"{key}" could not be read: {error.strerror}.') from error

    def delete(self, key: str) -> None:
        path = self.path_of(key)
        try:
            path.unlink(missing_ok=True)
        except (IsADirectoryError, NotADirectoryError):
            return
        except OSError as error:
            raise StoreError(f'"{key}" could not be deleted: {error.strerror}.') from error
        self._remove_empty_folders(path.parent)

    def exists(self, key: str) -> bool:
        return self.path_of(key).is_file()

    def keys(self, folder: str, *, recursive: bool) -> Iterator[str]:
        parent = self.path_of(folder) if folder else self._root
        for path in parent.rglob("*") if recursive else parent.glob("*"):
            if path.is_file() and not path.name.startswith(_ARRIVING):
                yield path.relative_to(self._root).as_posix()

    def url(self, key: str) -> str:
        return object_path(key)

    def signed_url(self, key: str, *, expires_in: timedelta) -> str:
        return self._sign(key, expires_in)

    def path_of(self, key: str) -> Path:
        """Path at which the object lies, or would. Raises UnsafeKey."""
        path = self._root.joinpath(*safe_key(key).split("/"))
        if not path.resolve().is_relative_to(self._root.resolve()):
            raise UnsafeKey(f'"{key[:100]}" leads out of the store.')  # through a symbolic link
        return path

    def _place(self, source: Path, target: Path) -> None:
        """Link or copy the file in. Raises FileExistsError when there is an object already."""
        try:
            os.link(source, target)
        except FileExistsError:
            raise
        except OSError:
            self._copy(source, target)

    def _copy(self, source: Path, target: Path) -> None:
        copy = target.with_name(_ARRIVING + uuid.uuid4().hex)
        try:
            with source.open("rb") as source_file, copy.open("xb") as copy_file:
                shutil.copyfileobj(source_file, copy_file, 2**20)
                copy_file.flush()
                os.fsync(copy_file.fileno())
            _link_or_rename(copy, target)
        finally:
            copy.unlink(missing_ok=True)

    def _remove_empty_folders(self, folder: Path) -> None:
        with contextlib.suppress(OSError):  # one that is not empty stays
            while folder != self._root:
                folder.rmdir()
                folder = folder.parent


def _check_attributes(attributes: ObjectAttributes) -> None:
    """Refuse what a private folder without tags cannot do; it may ignore attributes of downloads."""
    if attributes.acl == "public-read":
        raise UnsupportedAttribute('This store is private: "acl" cannot be public here.')
    if attributes.tags:
        raise UnsupportedAttribute('Objects in this store have no "tags".')


def _link_or_rename(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if target.exists():
            raise FileExistsError(target) from None
        source.rename(target)


def _are_same(one: Path, other: Path) -> bool:
    return other.is_file() and (one.samefile(other) or filecmp.cmp(one, other, shallow=False))
