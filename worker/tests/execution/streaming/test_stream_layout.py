"""The order in which an upload is written to a demuxer that cannot seek."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from cattube_worker.execution.streaming.growing_file import GrowingFile, NotStreamable
from cattube_worker.execution.streaming.stream_layout import SentIndex, StreamLayout, find_layout

from ...media.mp4 import test_first_samples as samples
from ...media.mp4.test_movie_index import box, movie, offsets

FRONT, MEDIA, BEHIND = box(b"ftyp", b"isom"), box(b"mdat", bytes(range(200))), box(b"free", b"tail")
MEDIA_START = len(FRONT)
INDEX = movie(offsets(MEDIA_START + 8))
FILM = FRONT + MEDIA + INDEX + BEHIND
SENT = SentIndex(len(FRONT + MEDIA), INDEX)


def layout_of(tmp_path: Path, content: bytes, sent: SentIndex | None = None) -> StreamLayout | None:
    path = tmp_path / "upload"
    path.write_bytes(content)
    with GrowingFile(path, size_bytes=len(content), stall_seconds=1, stop=Event()) as upload:
        return find_layout(upload, sent)


def written(layout: StreamLayout, content: bytes, block_bytes: int) -> bytes:
    starts = range(0, len(content), block_bytes)
    return b"".join(
        piece for start in starts for piece in layout.pieces(start, content[start : start + block_bytes])
    )


@pytest.mark.parametrize("block_bytes", [1, 7, len(FRONT), 100, len(FILM)])
def test_the_index_is_written_before_the_media_whatever_the_blocks(tmp_path: Path, block_bytes: int) -> None:
    layout = layout_of(tmp_path, FILM, SENT)

    assert layout is not None
    moved = movie(offsets(MEDIA_START + 8 + len(INDEX)))
    assert written(layout, FILM, block_bytes) == FRONT + moved + MEDIA


def test_no_more_than_the_first_picture_is_waited_for_where_the_index_tells_its_size(tmp_path: Path) -> None:
    media = box(b"mdat", bytes(4 * 2**20))
    index = samples.movie(samples.track(offsets(MEDIA_START + 8), samples.sizes(200_000, 9000)))

    layout = layout_of(tmp_path, FRONT + media + index, SentIndex(len(FRONT + media), index))

    assert layout is not None
    assert 200_000 < layout.head_bytes < 400_000


@pytest.mark.parametrize("first_bytes", [9, 2**31])
def test_a_first_picture_of_any_size_is_looked_for_in_a_mebibyte(tmp_path: Path, first_bytes: int) -> None:
    media = box(b"mdat", bytes(4 * 2**20))
    index = samples.movie(samples.track(offsets(MEDIA_START + 8), samples.sizes(first_bytes)))

    layout = layout_of(tmp_path, FRONT + media + index, SentIndex(len(FRONT + media), index))

    assert layout is not None
    assert MEDIA_START < layout.head_bytes <= MEDIA_START + 2**20


@pytest.mark.parametrize(
    ("content", "demuxer"),
    [
        pytest.param(FRONT + INDEX + MEDIA, "mov", id="index-first"),
        pytest.param(FRONT + box(b"free") + INDEX + MEDIA, "mov", id="something-between"),
        pytest.param(b"\x1a\x45\xdf\xa3" + bytes(100), "matroska", id="matroska"),
    ],
)
def test_what_can_be_read_in_order_is_written_in_order(tmp_path: Path, content: bytes, demuxer: str) -> None:
    layout = layout_of(tmp_path, content)

    assert layout is not None
    assert layout.demuxer == demuxer
    assert written(layout, content, 9) == content


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(FILM, id="index-last-and-not-sent"),
        pytest.param(b"#EXTM3U\nhttp://127.0.0.1/" + bytes(99), id="m02-playlist"),
        pytest.param(b"ffconcat version 1.0\nfile '/etc/passwd'", id="m03-script"),
        pytest.param(b"RIFF\0\0\0\0AVI LIST" + bytes(99), id="m04-another-container"),
        pytest.param(bytes(99), id="m05-zeros"),
        pytest.param(b"x", id="t20-one-byte"),
        pytest.param(FRONT, id="no-media"),
        pytest.param(FRONT + box(b"free") * 100 + INDEX + MEDIA, id="m13-many-boxes"),
        pytest.param(FRONT + b"\0\0\0\4moov" + bytes(99), id="m13-box-without-a-size"),
        pytest.param(FRONT + b"\x7f\0\0\0moov" + bytes(99), id="m13-index-larger-than-the-file"),
    ],
)
def test_anything_else_waits_for_its_end(tmp_path: Path, content: bytes) -> None:
    assert layout_of(tmp_path, content) is None


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(SentIndex(MEDIA_START, INDEX), id="lies-in-the-media"),
        pytest.param(SentIndex(len(FILM), INDEX), id="lies-behind-the-end"),
        pytest.param(SentIndex(SENT.start, movie(offsets(5))), id="points-before-the-media"),
        pytest.param(SentIndex(SENT.start, movie(offsets(10**6))), id="points-outside-the-file"),
        pytest.param(SentIndex(SENT.start, b"no index"), id="is-none"),
    ],
)
def test_an_index_that_cannot_be_true_is_not_believed(tmp_path: Path, sent: SentIndex) -> None:
    with pytest.raises(NotStreamable):
        layout_of(tmp_path, FILM, sent)


@pytest.mark.parametrize("block_bytes", [1, 50, len(FILM)])
def test_an_index_that_was_not_true_is_noticed_when_the_upload_gets_there(
    tmp_path: Path, block_bytes: int
) -> None:
    other = movie(offsets(MEDIA_START + 9))
    layout = layout_of(tmp_path, FILM, SentIndex(SENT.start, other))

    assert layout is not None
    with pytest.raises(NotStreamable, match="another index"):
        written(layout, FILM, block_bytes)
