"""The category of a file, by which its preview is chosen. Pure."""

from __future__ import annotations

from typing import Literal

from cattube_worker.robots.shared.input_files import InputFile

Category = Literal["archive", "audio", "document", "image", "unknown", "video", "webpage"]

_OF_TYPE: dict[str | None, Category] = {
    "video": "video", "audio": "audio", "image": "image", "pdf": "document", "office": "document",
    "xls": "document", "document": "document",
}  # fmt: skip
_ARCHIVES = frozenset({
    "application/zip", "application/gzip", "application/x-tar", "application/x-bzip2", "application/x-xz",
    "application/x-7z-compressed", "application/vnd.rar",
})  # fmt: skip
_ARCHIVE_ENDINGS = frozenset({"zip", "tar", "gz", "tgz", "bz2", "tbz2", "xz", "txz", "7z", "rar"})


def category_of(file: InputFile) -> Category:
    """The category that a file is of, by its bytes and, where they say nothing, by its name."""
    if file.mime in _ARCHIVES or (file.type is None and file.ending in _ARCHIVE_ENDINGS):
        return "archive"
    return "webpage" if file.mime == "text/html" else _OF_TYPE.get(file.type, "unknown")
