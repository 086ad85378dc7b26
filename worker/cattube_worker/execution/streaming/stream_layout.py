"""The order in which an upload is written to a demuxer that cannot seek."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cattube_worker.execution.streaming.growing_file import GrowingFile, NotStreamable
from cattube_worker.media.mp4.boxes import HEADER_BYTES, Box, read_box
from cattube_worker.media.mp4.first_samples import first_samples_end
from cattube_worker.media.mp4.movie_index import MAX_INDEX_BYTES, UnusableIndex, moved_index

# Enough to see what is in the streams: a key frame of 4k is smaller.
PROBE_BYTES = 2**20
# Where the index tells how long the first picture and sound are: so much behind them.
_MARGIN_BYTES = 128 * 1024
_MATROSKA = b"\x1a\x45\xdf\xa3"
_MOST_BOXES = 32  # in front of the media; cameras write two or three


@dataclass(frozen=True)
class SentIndex:
    """The `moov` box as its sender says it lies at the byte `start` of the upload."""

    start: int
    box: bytes

    @property
    def end(self) -> int:
        return self.start + len(self.box)


@dataclass(frozen=True)
class MovedIndex:
    """An index that is written before the media.

    sent: as it lies in the upload, where it is left out. box: as it is written before the byte `before`.
    """

    sent: SentIndex
    box: bytes
    before: int


@dataclass(frozen=True)
class StreamLayout:
    """An upload as a demuxer can read it without seeking.

    demuxer: ffmpeg's name. head_bytes: so much of the upload tells what is in it.
    """

    demuxer: str
    head_bytes: int
    moved: MovedIndex | None = None

    @property
    def mime(self) -> str:
        """The family of containers that the demuxer reads."""
        return "video/x-matroska" if self.demuxer == "matroska" else "video/mp4"

    def pieces(self, start: int, block: bytes) -> list[bytes]:
        """The bytes to write in place of the `block` at `start` of the upload. Raises NotStreamable."""
        moved = self.moved
        if moved is None:
            return [block]
        _check_same(moved.sent, start, block)
        rest = block[: max(0, moved.sent.start - start)]
        cut = moved.before - start
        return [rest[:cut], moved.box, rest[cut:]] if 0 <= cut < len(block) else [rest]


def find_layout(upload: GrowingFile, sent: SentIndex | None) -> StreamLayout | None:
    """The layout of the upload; None when it has none that can be streamed, as when its index comes last.

    Waits for the first bytes. Raises NotStreamable, Stalled.
    """
    head = upload.read(0, min(HEADER_BYTES, upload.size_bytes))
    if head.startswith(_MATROSKA):
        return StreamLayout("matroska", min(PROBE_BYTES, upload.size_bytes))
    if head[4:8] != b"ftyp":
        return None
    for box in _boxes(upload):
        if box.kind == b"moov":
            return _in_order(upload, box)
        if box.kind == b"mdat":
            return None if sent is None else _with_index_moved(upload, box, sent)
    return None


def _boxes(upload: GrowingFile) -> Iterator[Box]:
    start = 0
    for _ in range(_MOST_BOXES):
        if start >= upload.size_bytes:
            return
        box = read_box(upload.read(start, min(HEADER_BYTES, upload.size_bytes - start)), start)
        if box is None or box.end > upload.size_bytes:
            return
        yield box
        start = box.end


def _in_order(upload: GrowingFile, index: Box) -> StreamLayout | None:
    if index.size_bytes > MAX_INDEX_BYTES:
        return None
    head_end = _head_end(upload.read(index.start, index.size_bytes), media_start=index.end)
    return StreamLayout("mov", min(head_end, upload.size_bytes))


def _with_index_moved(upload: GrowingFile, media: Box, sent: SentIndex) -> StreamLayout:
    if sent.start < media.end or sent.end > upload.size_bytes:
        raise NotStreamable("the index that was sent lies elsewhere")
    try:
        box = moved_index(sent.box, by=len(sent.box), media=range(media.start, sent.start))
    except UnusableIndex as error:
        raise NotStreamable(f"the index that was sent is of no use: {error}") from error
    head_bytes = min(_head_end(sent.box, media_start=media.start), sent.start)
    return StreamLayout("mov", head_bytes, MovedIndex(sent=sent, box=box, before=media.start))


def _head_end(index: bytes, *, media_start: int) -> int:
    """The byte by which it can be told what is in the streams: a mebibyte takes 0.4 s at 20 Mbit/s."""
    samples_end = first_samples_end(index)
    if samples_end is None:
        return media_start + PROBE_BYTES
    return min(max(media_start, samples_end) + _MARGIN_BYTES, media_start + PROBE_BYTES)


def _check_same(sent: SentIndex, start: int, block: bytes) -> None:
    first, last = max(start, sent.start), min(start + len(block), sent.end)
    if (
        first < last
        and block[first - start : last - start] != sent.box[first - sent.start : last - sent.start]
    ):
        raise NotStreamable("the upload holds another index than the one that was sent")
