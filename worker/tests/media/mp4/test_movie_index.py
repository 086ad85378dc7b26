"""Index moved to the front: it points to the same media as before, or is refused."""

from __future__ import annotations

import struct

import pytest

from cattube_worker.media.mp4.movie_index import MAX_INDEX_BYTES, UnusableIndex, moved_index

MEDIA = range(100, 1000)


def box(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def offsets(*values: int, kind: bytes = b"stco", count: int | None = None) -> bytes:
    number = "Q" if kind == b"co64" else "I"
    announced = len(values) if count is None else count
    return box(kind, struct.pack(f">II{len(values)}{number}", 0, announced, *values))


def movie(*tables: bytes, beside: bytes = b"") -> bytes:
    """An index with one track; beside: what lies next to the track."""
    track = box(b"stsd") + b"".join(tables)
    for kind in (b"stbl", b"minf", b"mdia", b"trak"):
        track = box(kind, track)
    return box(b"moov", box(b"mvhd", bytes(100)) + track + beside)


@pytest.mark.parametrize("kind", [b"stco", b"co64"])
def test_every_offset_grows_by_the_size_of_the_index(kind: bytes) -> None:
    index = movie(offsets(100, 350, 999, kind=kind))

    moved = moved_index(index, by=len(index), media=MEDIA)

    assert moved == movie(offsets(*(offset + len(index) for offset in (100, 350, 999)), kind=kind))


def test_all_tracks_are_moved_and_nothing_else() -> None:
    first, second = offsets(100), offsets(200)
    beside = box(b"udta", offsets(1)) + movie(second)[8 + 108 :]

    moved = moved_index(movie(first, beside=beside), by=5, media=MEDIA)

    expected = box(b"udta", offsets(1)) + movie(offsets(205))[8 + 108 :]
    assert moved == movie(offsets(105), beside=expected)


def test_a_track_without_pictures_stays_as_it_is() -> None:
    index = movie(offsets())

    assert moved_index(index, by=5, media=MEDIA) == index


@pytest.mark.parametrize(
    "index",
    [
        pytest.param(movie(offsets(99)), id="points-before-the-media"),
        pytest.param(movie(offsets(1000)), id="points-behind-the-media"),
        pytest.param(movie(offsets(500, 2**32 - 1)), id="points-outside-the-file"),
        pytest.param(movie(offsets(2**63, kind=b"co64")), id="points-nowhere"),
        pytest.param(movie(offsets(100, count=2)), id="table-longer-than-its-box"),
        pytest.param(movie(offsets(100, count=2**32 - 1)), id="table-of-four-billion"),
        pytest.param(movie(box(b"stco")), id="table-without-a-count"),
        pytest.param(movie(offsets(100), beside=box(b"cmov")), id="compressed"),
        pytest.param(movie(offsets(100), beside=box(b"mvex")), id="fragmented"),
        pytest.param(movie(beside=struct.pack(">I4s", 9999, b"trak")), id="box-reaches-out"),
        pytest.param(movie(beside=struct.pack(">I4s", 4, b"free")), id="box-smaller-than-its-header"),
        pytest.param(movie(beside=box(b"free") * 30_000), id="m13-too-many-boxes"),
        pytest.param(movie(offsets(100))[:-1], id="cut-off"),
        pytest.param(movie(offsets(100)) + b"\0", id="longer-than-it-says"),
        pytest.param(box(b"mdat"), id="something-else"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_an_index_that_is_damaged_or_wrong_is_refused(index: bytes) -> None:
    with pytest.raises(UnusableIndex):
        moved_index(index, by=10, media=MEDIA)


def test_offsets_too_large_for_their_table_are_refused() -> None:
    with pytest.raises(UnusableIndex, match="another table"):
        moved_index(movie(offsets(2**32 - 5)), by=10, media=range(2**33))


def test_m13_boxes_within_boxes_cost_nothing() -> None:
    nested = b""
    for _ in range(20_000):
        nested = box(b"moov", nested)

    assert moved_index(nested, by=10, media=MEDIA) == nested


def test_an_index_of_the_largest_size_allowed_is_moved() -> None:
    count = (MAX_INDEX_BYTES - 1000) // 4
    values = [100] * count

    moved = moved_index(movie(offsets(*values)), by=1, media=MEDIA)

    assert moved == movie(offsets(*[101] * count))
