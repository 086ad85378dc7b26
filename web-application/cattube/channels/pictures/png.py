"""PNG files, rebuilt of the chunks that draw the picture. Pure.

Source: PNG specification, third edition, chapter 11.
"""

import struct
import zlib
from collections.abc import Iterator

from cattube.channels.pictures.parts import BrokenPicture, take

PNG_START = b"\x89PNG\r\n\x1a\n"
_DRAWING = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")


def rebuilt_png(content: bytes) -> tuple[bytes, int, int]:
    """The file, its width and its height in pixels. Raises BrokenPicture."""
    chunks = list(_chunks(content))
    kinds = [kind for kind, _ in chunks]
    if kinds[:1] != [b"IHDR"] or kinds[-1:] != [b"IEND"] or b"IDAT" not in kinds or len(chunks[0][1]) != 13:
        raise BrokenPicture
    width, height = struct.unpack(">II", chunks[0][1][:8])
    drawing = [_chunk(kind, data) for kind, data in chunks if kind in _DRAWING]
    return b"".join([PNG_START, *drawing]), width, height


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and data of each chunk up to the end of the picture; what follows it is left."""
    place, kind = len(PNG_START), b""
    while kind != b"IEND":
        (length,) = struct.unpack(">I", take(content, place, 4))
        kind, data = take(content, place + 4, 4), take(content, place + 8, length)
        (checksum,) = struct.unpack(">I", take(content, place + 8 + length, 4))
        if zlib.crc32(kind + data) != checksum:
            raise BrokenPicture
        yield kind, data
        place += 12 + length


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
