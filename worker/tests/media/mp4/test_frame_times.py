"""Times of frames in an index that is built here box by box."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from cattube_worker.media.encode.stream_copy import is_steady
from cattube_worker.media.mp4.frame_times import VideoTiming, video_timing


def box(name: str, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return struct.pack(">I4s", 8 + len(content), name.encode()) + content


def table(name: str, *numbers: int, entries: int) -> bytes:
    return box(name, struct.pack(f">II{len(numbers)}I", 0, entries, *numbers))


def track(kind: bytes, *tables: bytes, version: int = 0) -> bytes:
    times = struct.pack(">B3xQQI8x" if version else ">B3xIII8x", version, 0, 0, 1000)
    handler = box("hdlr", bytes(8), kind, bytes(12))
    return box("trak", box("mdia", box("mdhd", times), handler, box("minf", box("stbl", *tables))))


def movie(folder: Path, *tracks: bytes) -> Path:
    path = folder / "movie"
    path.write_bytes(box("ftyp", b"isom") + box("moov", *tracks) + box("mdat", bytes(99)))
    return path


EVEN = table("stts", 100, 40, entries=1)
SOUND = track(b"soun", table("stts", 1, 999, entries=1))


@pytest.mark.parametrize("version", [0, 1])
def test_the_times_are_those_of_the_video_track(tmp_path: Path, version: int) -> None:
    keys = table("stss", 1, 26, 61, entries=3)

    timing = video_timing(movie(tmp_path, SOUND, track(b"vide", EVEN, keys, version=version)))

    assert timing == VideoTiming(
        longest_group_seconds=1.6, longest_frame_seconds=0.04, mean_frame_seconds=0.04
    )
    assert is_steady(timing)


def test_without_a_table_every_frame_is_a_key_frame(tmp_path: Path) -> None:
    timing = video_timing(movie(tmp_path, track(b"vide", EVEN)))

    assert timing is not None
    assert timing.longest_group_seconds == 0.04


def test_one_key_frame_in_a_long_video_is_too_few(tmp_path: Path) -> None:
    long = table("stts", 300, 40, entries=1)

    assert not is_steady(video_timing(movie(tmp_path, track(b"vide", long, table("stss", 1, entries=1)))))


def test_a_frame_much_longer_than_the_others_is_uneven(tmp_path: Path) -> None:
    uneven = table("stts", 50, 40, 1, 400, 49, 40, entries=3)

    assert not is_steady(video_timing(movie(tmp_path, track(b"vide", uneven))))


@pytest.mark.parametrize(
    "tracks",
    [[], [SOUND], [track(b"vide")], [track(b"vide", table("stts", entries=0))], [box("trak", b"vide")]],
    ids=["no-track", "no-pictures", "no-times", "no-frames", "nonsense"],
)
def test_an_index_that_cannot_be_read_has_no_timing_and_is_not_steady(
    tmp_path: Path, tracks: list[bytes]
) -> None:
    assert video_timing(movie(tmp_path, *tracks)) is None
    assert not is_steady(None)
