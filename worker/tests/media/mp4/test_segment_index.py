"""Segments of a single file, by its index."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from cattube_worker.media.errors import CommandFailed
from cattube_worker.media.mp4.segment_index import read_single_file
from cattube_worker.media.streams.playlists import Segment

TWO = [(30, 6_000), (10, 1_500)]  # bytes and milliseconds


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def index(entries: list[tuple[int, int]], *, version: int = 1, gap: int = 0) -> bytes:
    times = struct.pack(">QQ" if version else ">II", 0, gap)
    head = (
        bytes([version, 0, 0, 0]) + struct.pack(">II", 1, 1000) + times + struct.pack(">HH", 0, len(entries))
    )
    return box(b"sidx", head + b"".join(struct.pack(">III", *entry, 0x90000000) for entry in entries))


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize("gap", [0, 5])
def test_segments_follow_the_index_one_behind_the_other(tmp_path: Path, version: int, gap: int) -> None:
    path = tmp_path / "720p.mp4"
    header = box(b"ftyp", b"iso6") + box(b"moov", b"tracks")
    sidx = index(TWO, version=version, gap=gap)
    path.write_bytes(header + sidx + bytes(gap + 40))

    single = read_single_file(path)

    start = len(header) + len(sidx) + gap
    assert (single.header_bytes, single.index) == (len(header), range(len(header), start - gap))
    assert single.segments == (
        Segment(uri="720p.mp4", duration_seconds=6, size_bytes=30, start_byte=start),
        Segment(uri="720p.mp4", duration_seconds=1.5, size_bytes=10, start_byte=start + 30),
    )


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(box(b"moov", b""), id="no-index"),
        pytest.param(index([]), id="no-segment"),
        pytest.param(index(TWO) + bytes(39), id="cut-off"),
        pytest.param(index(TWO) + bytes(41), id="bytes-that-nobody-knows"),
        pytest.param(box(b"sidx", index(TWO)[8:-9]) + bytes(40), id="entry-cut-off"),
        pytest.param(box(b"sidx", b""), id="nothing-in-the-index"),
        pytest.param(struct.pack(">I4s", 2**31, b"sidx") + bytes(40), id="index-of-two-gigabytes"),
    ],
)
def test_a_file_that_does_not_match_its_index_fails(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "720p.mp4"
    path.write_bytes(content)

    with pytest.raises(CommandFailed, match=r'"720p\.mp4" came out'):
        read_single_file(path)
