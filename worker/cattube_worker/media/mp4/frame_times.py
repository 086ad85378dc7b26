"""When the frames of an MP4 file of our own making are shown, from its index."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

_MOST_BYTES = 64 * 2**20


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Of the pictures: the longest way from one key frame to the next, the longest and the usual frame."""

    longest_group_seconds: float
    longest_frame_seconds: float
    mean_frame_seconds: float


def video_timing(path: Path) -> Timing | None:
    """The timing of the first video track; None where the file has none, or no index we can read."""
    with path.open("rb") as file:
        index = _inside(file.read(_MOST_BYTES), "moov")
    try:
        return _first_timing(index)
    except (struct.error, ValueError, ZeroDivisionError):
        return None


def _first_timing(index: bytes) -> Timing | None:
    for name, track in _boxes(index):
        media = _inside(track, "mdia") if name == "trak" else b""
        if _inside(media, "hdlr")[8:12] == b"vide":
            return _timing(media)
    return None


def _timing(media: bytes) -> Timing:
    header = _inside(media, "mdhd")
    # The second form of the header has times of eight bytes instead of four before the scale.
    (scale,) = struct.unpack_from(">I", header, 20 if header[0] == 1 else 12)
    table = _inside(media, "minf", "stbl")
    starts = _starts(_inside(table, "stts"))
    keys = [starts[number - 1] for number in _numbers(_inside(table, "stss"))] or starts[:-1]
    return Timing(
        longest_group_seconds=max(end - start for start, end in pairwise([*keys, starts[-1]])) / scale,
        longest_frame_seconds=max(end - start for start, end in pairwise(starts)) / scale,
        mean_frame_seconds=starts[-1] / (len(starts) - 1) / scale,
    )


def _starts(table: bytes) -> list[int]:
    """When each frame begins, and at last when all end."""
    starts, now = [0], 0
    (entries,) = struct.unpack_from(">I", table, 4)
    for count, length in struct.iter_unpack(">II", table[8 : 8 + 8 * entries]):
        starts += range(now + length, now + length * count + 1, length) if length else [now] * count
        now += length * count
    return starts


def _numbers(table: bytes) -> list[int]:
    """The frames that are key frames, counted from 1; none are listed where all are."""
    if not table:
        return []
    (entries,) = struct.unpack_from(">I", table, 4)
    return [number for (number,) in struct.iter_unpack(">I", table[8 : 8 + 4 * entries])]


def _inside(data: bytes, *names: str) -> bytes:
    """What is in the box at the end of that path; nothing where there is none."""
    for name in names:
        data = next((content for found, content in _boxes(data) if found == name), b"")
    return data


def _boxes(data: bytes) -> Iterator[tuple[str, bytes]]:
    at = 0
    while at + 8 <= len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        if size < 8:  # of 64 bits or to the end: pictures and sound, after the index
            return
        yield name.decode("latin-1"), data[at + 8 : at + size]
        at += size
