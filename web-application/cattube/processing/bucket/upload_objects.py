"""Object of an upload to the bucket: its key, type and parts. Pure."""

import mimetypes
import re
from pathlib import PurePosixPath

STEP = ":original"
MIB = 2**20
MIN_PART_BYTES = 8 * MIB
# S3 and B2 take ten times as many; a thousand are listed at once.
MAX_PARTS = 1000


def new_object_key(filename: str, *, folder: str) -> str:
    """Key in the attempt's folder, with the harmless characters of `filename` in it."""
    name = PurePosixPath(filename.replace("\\", "/"))
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", name.stem).strip("-")[:80] or "video"
    ending = re.sub(r"[^a-z0-9]", "", name.suffix.lower())[:10]
    return f"{STEP}/{folder}/{stem}{'.' if ending else ''}{ending}"


def content_type_of(filename: str) -> str:
    """Type of a video by its name; that of plain bytes for other names."""
    guess = mimetypes.guess_type(filename, strict=False)[0] or ""
    return guess if guess.startswith("video/") else "application/octet-stream"


def part_bytes_for(size_bytes: int) -> int:
    """Size of a part in whole mebibytes, with which the file has at most MAX_PARTS parts."""
    return max(MIN_PART_BYTES, -(-size_bytes // (MAX_PARTS * MIB)) * MIB)
