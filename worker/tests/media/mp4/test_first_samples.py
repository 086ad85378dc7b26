"""Where the tracks of a file have begun, by its index."""

from __future__ import annotations

import struct

import pytest

from cattube_worker.media.mp4.first_samples import first_samples_end

from .test_movie_index import box, offsets


def sizes(*values: int, of_all: int = 0) -> bytes:
    return box(b"stsz", struct.pack(f">III{len(values)}I", 0, of_all, len(values), *values))


def track(*tables: bytes, kind: bytes = b"vide") -> bytes:
    handler = box(b"hdlr", bytes(8) + kind + bytes(12))
    return box(b"trak", box(b"mdia", handler + box(b"minf", box(b"stbl", b"".join(tables)))))


def movie(*tracks: bytes) -> bytes:
    return box(b"moov", box(b"mvhd", bytes(100)) + b"".join(tracks))


@pytest.mark.parametrize(
    ("index", "end"),
    [
        pytest.param(movie(track(offsets(100, 900), sizes(50, 70))), 150, id="one-track"),
        pytest.param(movie(track(offsets(2**33, kind=b"co64"), sizes(50))), 2**33 + 50, id="far-behind"),
        pytest.param(
            movie(track(offsets(100), sizes(50)), track(offsets(150), sizes(of_all=4), kind=b"soun")),
            154,
            id="sound-behind-the-picture",
        ),
        pytest.param(
            movie(track(offsets(100), sizes(50)), track(offsets(9000), sizes(4), kind=b"text")),
            150,
            id="what-is-neither-seen-nor-heard",
        ),
        pytest.param(movie(track(offsets(), sizes())), None, id="fragmented"),
        pytest.param(movie(track()), None, id="no-tables"),
        pytest.param(movie(), None, id="no-tracks"),
        pytest.param(b"", None, id="nothing"),
    ],
)
def test_tracks_have_begun_by_the_end_of_their_first_samples(index: bytes, end: int | None) -> None:
    assert first_samples_end(index) == end


def test_m87_index_of_endless_boxes_does_not_tell() -> None:
    assert first_samples_end(movie(box(b"free") * 30_000, track(offsets(100), sizes(50)))) is None
