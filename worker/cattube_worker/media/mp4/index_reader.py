"""Reader of the index (the `moov` box) of an MP4 or QuickTime file, and of nothing else in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cattube_worker.media.mp4.boxes import Box, TooManyBoxes, walk_boxes

_MAX_INDEX_BYTES = 64 * 2**20


def read_index(path: Path) -> bytes:
    """Content of the index; empty when the file has none that can be read."""
    with path.open("rb") as file:

        def read(start: int, count: int) -> bytes:
            file.seek(start)
            return file.read(count)

        index = _find(walk_boxes(read, 0, path.stat().st_size))
        if index is None or index.size_bytes > _MAX_INDEX_BYTES:
            return b""
        return read(index.content_start, index.size_bytes - index.header_bytes)


def _find(boxes: Iterator[Box]) -> Box | None:
    try:
        return next((box for box in boxes if box.kind == b"moov"), None)
    except TooManyBoxes:
        return None
