"""Facts about a file: its kind, digest and metadata. `inspect` finds them out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class FileFacts:
    """Facts about a file: kind, digest and metadata.

    type: "video", "audio", "image", "document" …, None when unknown. ext: without dot, "" when unknown.
    meta: the keys of Transloadit's `meta`; seconds, bit/s, pixels. Empty for a file that is no media.
    """

    mime: str | None
    type: str | None
    ext: str
    size_bytes: int
    md5hash: str
    meta: dict[str, Any] = field(default_factory=dict)


def md5_of(path: Path) -> str:
    """MD5 of the bytes at `path`, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
