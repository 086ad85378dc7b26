"""Segment of a live preview that is one file to its players: pieces of ffmpeg's, joined on the disk."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from cattube_worker.errors import DISK_FULL, NO_ROOM, DiskFull


def joined_segment(pieces: Sequence[Path], name: str) -> Path:
    """The file `name` beside its pieces, with the bytes of all. Whoever asks first has it made.

    It has the time of its newest piece. So it is the same file to a client whoever has made it, and is made
    anew when another attempt puts other pieces under the same names.
    Raises FileNotFoundError when a piece or the folder is gone, DiskFull, OSError.
    """
    path, facts = pieces[0].with_name(name), [piece.stat() for piece in pieces]
    size_bytes, time_ns = sum(fact.st_size for fact in facts), max(fact.st_mtime_ns for fact in facts)
    with suppress(FileNotFoundError):
        made = path.stat()
        if (made.st_size, made.st_mtime_ns) == (size_bytes, time_ns):
            return path
    _join(pieces, path, time_ns)
    return path


def _join(pieces: Sequence[Path], path: Path, time_ns: int) -> None:
    """Write all of it or nothing: others may ask for it at the same moment."""
    new_path = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    try:
        with new_path.open("xb") as file:
            for piece in pieces:
                file.write(piece.read_bytes())
        os.utime(new_path, ns=(time_ns, time_ns))
        new_path.replace(path)
    except OSError as error:
        if error.errno in DISK_FULL:
            raise DiskFull(NO_ROOM) from error
        raise
    finally:
        new_path.unlink(missing_ok=True)
