"""Keys of objects in a store. Pure."""

from __future__ import annotations

import re
import unicodedata

from cattube_worker.storage.errors import UnsafeKey

LONGEST_KEY_BYTES = 1024  # S3's and B2's limit
_LONGEST_PART_BYTES = 250  # a local file system takes 255
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")


def object_key(path: str) -> str:
    """Safe key for a path that may hold what users typed: no way up, no empty part, not too long.

    "/a/../b" becomes "a/_/b". Never empty.
    """
    text = _UNSAFE.sub("_", unicodedata.normalize("NFC", path))
    parts = [_part(part) for part in text.split("/") if part.strip()]
    key = "/".join(parts) or "file"
    while len(key.encode()) > LONGEST_KEY_BYTES:
        del parts[0]
        key = "/".join(parts)
    return key


def is_safe(key: str) -> bool:
    """Tell if `key` is one that `object_key` could have made."""
    return bool(key) and object_key(key) == key


def safe_key(key: str) -> str:
    """The key itself. Raises UnsafeKey."""
    if not is_safe(key):
        raise UnsafeKey(f'"{key[:100]}" cannot be the name of an object.')
    return key


def with_id(key: str, file_id: str) -> str:
    """Key with a file's id before its ending, for when the plain one is taken."""
    folder, slash, name = key.rpartition("/")
    basename, dot, ext = name.rpartition(".")
    marked = f"{basename}-{file_id}{dot}{ext}" if basename else f"{name}-{file_id}"
    return object_key(f"{folder}{slash}{marked}")


def _part(part: str) -> str:
    if part.strip(". ") == "":
        return "_"
    if len(part.encode()) <= _LONGEST_PART_BYTES:
        return part
    basename, dot, ext = part.rpartition(".")
    if not basename or len(ext) > 16:
        basename, dot, ext = part, "", ""
    basename_bytes = _LONGEST_PART_BYTES - len((dot + ext).encode())
    return basename.encode()[:basename_bytes].decode("utf-8", "ignore") + dot + ext
