"""Parts of a PNG, and a PNG of such parts. Pure.

Source: W3C, "Portable Network Graphics (PNG) Specification".
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cattube_worker.media.geometry import Size
from cattube_worker.media.inspect.stills.exif import orientation_alone, orientation_in

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What people and cameras wrote about a picture.
_METADATA = frozenset({b"tEXt", b"zTXt", b"iTXt", b"tIME", b"eXIf"})
_PIECE_BYTES = 2**20
# Parts about the colours that a picture without a palette has.
_OF_COLORS = frozenset({b"PLTE", b"tRNS", b"bKGD", b"hIST", b"sBIT"})
# Samples a pixel, by the type of colour.
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# First column, first row, and the distances of columns and rows of each pass.
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


@dataclass(frozen=True)
class Chunk:
    """One part. kind: its four letters."""

    kind: bytes
    body: bytes


@dataclass(frozen=True)
class Header:
    """Shape of the pixels. depth: bits a sample. color: 0 grey, 2 colours, 3 palette, 4 and 6 with alpha."""

    width: int
    height: int
    depth: int
    color: int
    is_interlaced: bool

    @property
    def raw_bytes(self) -> int:
        """Bytes of all rows before they are compressed, each with the number of its filter."""
        if not self.is_interlaced:
            return self._rows_bytes(self.width, self.height)
        return sum(
            self._rows_bytes(-(-(self.width - left) // across), -(-(self.height - top) // down))
            for left, top, across, down in _PASSES
        )

    def _rows_bytes(self, width: int, height: int) -> int:
        if width <= 0 or height <= 0:
            return 0
        return height * (1 + (width * self.depth * _SAMPLES[self.color] + 7) // 8)


def chunks_of(data: bytes) -> list[Chunk]:
    """The parts up to the end of the picture. Raises ValueError where they are damaged."""
    if not data.startswith(SIGNATURE):
        raise ValueError("no PNG")
    chunks, position = list[Chunk](), len(SIGNATURE)
    while not chunks or chunks[-1].kind != b"IEND":
        if position + 12 > len(data):
            raise ValueError("the PNG ends early")
        (length,) = struct.unpack_from(">I", data, position)
        kind, end = data[position + 4 : position + 8], position + 8 + length
        if data[end : end + 4] != struct.pack(">I", zlib.crc32(data[position + 4 : end])):
            raise ValueError("the PNG is damaged")
        chunks.append(Chunk(kind, data[position + 8 : end]))
        position = end + 4
    if chunks[0].kind != b"IHDR" or len(chunks[0].body) != 13:
        raise ValueError("the PNG has no header")
    return chunks


def png_of(chunks: Iterable[Chunk]) -> bytes:
    """The PNG of these parts."""
    return SIGNATURE + b"".join(
        struct.pack(">I", len(chunk.body))
        + chunk.kind
        + chunk.body
        + struct.pack(">I", zlib.crc32(chunk.kind + chunk.body))
        for chunk in chunks
    )


def rgba_png(size: Size, rows: Iterable[bytes], *, level: int = -1) -> bytes:
    """A PNG of rows of red, green, blue and alpha. level: from 0 to 9; -1 leaves it to zlib."""
    header = struct.pack(">IIBBBBB", size.width, size.height, 8, 6, 0, 0, 0)
    packing = zlib.compressobj(level)
    pixels = b"".join([*(packing.compress(b"\0" + row) for row in rows), packing.flush()])
    return png_of([Chunk(b"IHDR", header), Chunk(b"IDAT", pixels), Chunk(b"IEND", b"")])


def header_of(chunks: Sequence[Chunk]) -> Header:
    """Shape of the pixels. Raises ValueError for one that does not exist."""
    width, height, depth, color, _, _, interlace = struct.unpack(">IIBBBBB", chunks[0].body)
    if not width or not height or color not in _SAMPLES or depth not in {1, 2, 4, 8, 16} or interlace > 1:
        raise ValueError("the PNG has no such header")
    return Header(width, height, depth, color, bool(interlace))


def kinds_of(chunks: Iterable[Chunk]) -> frozenset[bytes]:
    """The kinds of these parts."""
    return frozenset(chunk.kind for chunk in chunks)


def compressed(chunks: Iterable[Chunk]) -> bytes:
    """All pixels as they are compressed in the file."""
    return b"".join(chunk.body for chunk in chunks if chunk.kind == b"IDAT")


def raw_pieces(chunks: Sequence[Chunk]) -> Iterator[bytes]:
    """All rows, uncompressed, piece by piece. Raises ValueError where there are too few or too many."""
    left, inflating, waiting = header_of(chunks).raw_bytes, zlib.decompressobj(), compressed(chunks)
    try:
        while left >= 0 and not inflating.eof:
            piece = inflating.decompress(waiting, _PIECE_BYTES)
            waiting = inflating.unconsumed_tail
            if not piece and not waiting:
                break
            left -= len(piece)
            yield piece
    except zlib.error as error:
        raise ValueError("the PNG is damaged") from error
    if left or not inflating.eof:
        raise ValueError("the PNG has other pixels than it says")


def without_metadata(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The same parts, with no other metadata than how the picture is to be turned."""
    turns = {orientation_in(chunk.body) for chunk in chunks if chunk.kind == b"eXIf"} - {1}
    kept = [chunk for chunk in chunks if chunk.kind not in _METADATA]
    turned = [Chunk(b"eXIf", orientation_alone(orientation)) for orientation in turns]
    return [*kept[:1], *turned, *kept[1:]]


def with_palette(chunks: Sequence[Chunk], other: Sequence[Chunk]) -> list[Chunk]:
    """The same parts around the pixels and the palette of another picture."""
    kept = [chunk for chunk in chunks if chunk.kind not in _OF_COLORS]
    first = next(index for index, chunk in enumerate(kept) if chunk.kind == b"IDAT")
    # Right before the pixels: what says how colours are meant must come before a palette.
    palette = [chunk for chunk in other if chunk.kind == b"PLTE"]
    return with_pixels([*kept[:first], *palette, *kept[first:]], other[0], compressed(other))


def with_pixels(chunks: Sequence[Chunk], header: Chunk, pixels: bytes) -> list[Chunk]:
    """The same parts around other pixels, and with another header."""
    first = next(index for index, chunk in enumerate(chunks) if chunk.kind == b"IDAT")
    before, after = chunks[1:first], [chunk for chunk in chunks[first:] if chunk.kind != b"IDAT"]
    return [header, *before, Chunk(b"IDAT", pixels), *after]
