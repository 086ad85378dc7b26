"""Times of the frames of an MP4 file of our own making, from its index."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from cattube_worker.media.mp4.boxes import content_at, contents
from cattube_worker.media.mp4.index_reader import read_index


@dataclass(frozen=True, kw_only=True)
class VideoTiming:
    """Distances in a video track: the longest between key frames, the longest and the mean of a frame."""

    longest_group_seconds: float
    longest_frame_seconds: float
    mean_frame_seconds: float


def video_timing(path: Path) -> VideoTiming | None:
    """Timing of the first video track; None when the file has none, or no index that can be read."""
    try:
        return _first_timing(read_index(path))
    except (struct.error, ValueError, ZeroDivisionError):
        return None


def _first_timing(index: bytes) -> VideoTiming | None:
    for kind, content in contents(index):
        media = content_at(content, b"mdia") if kind == b"trak" else b""
        if content_at(media, b"hdlr")[8:12] == b"vide":
            return _timing(media)
    return None


def _timing(media: bytes) -> VideoTiming:
    header = content_at(media, b"mdhd")
    # The second form of the header has times of eight bytes instead of four before the scale.
    (scale,) = struct.unpack_from(">I", header, 20 if header[0] == 1 else 12)
    table = content_at(media, b"minf", b"stbl")
    starts = _frame_starts(content_at(table, b"stts"))
    key_frames = _key_frames(content_at(table, b"stss"))
    keys = [starts[number - 1] for number in key_frames] or starts[:-1]
    return VideoTiming(
        longest_group_seconds=max(end - start for start, end in pairwise([*keys, starts[-1]])) / scale,
        longest_frame_seconds=max(end - start for start, end in pairwise(starts)) / scale,
        mean_frame_seconds=starts[-1] / (len(starts) - 1) / scale,
    )


def _frame_starts(table: bytes) -> list[int]:
    """Start of each frame, and the end of the last one."""
    starts, now = [0], 0
    (entries,) = struct.unpack_from(">I", table, 4)
    for count, length in struct.iter_unpack(">II", table[8 : 8 + 8 * entries]):
        starts += range(now + length, now + length * count + 1, length) if length else [now] * count
        now += length * count
    return starts


def _key_frames(table: bytes) -> list[int]:
    """Numbers of the key frames, from 1; empty when there is no table, because all frames are."""
    if not table:
        return []
    (entries,) = struct.unpack_from(">I", table, 4)
    return [number for (number,) in struct.iter_unpack(">I", table[8 : 8 + 4 * entries])]
