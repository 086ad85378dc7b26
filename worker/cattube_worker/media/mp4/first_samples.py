"""Place of the first pictures and sounds of an MP4 or QuickTime file, by its index (its `moov` box). Pure.

Source: ISO/IEC 14496-12, "Sample Size Boxes" and "Chunk Offset Box".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from cattube_worker.media.mp4.boxes import TooManyBoxes, content_at, contents

_SEEN_AND_HEARD = (b"vide", b"soun")
_OFFSET_TABLES = ((b"stco", ">I"), (b"co64", ">Q"))


def first_samples_end(index: bytes) -> int | None:
    """The byte of the file by which each video and audio track has begun; None when the index does not tell.

    index: the whole box. A damaged one may tell any number.
    """
    try:
        movie = content_at(index, b"moov")
        ends = [_first_sample_end(media) for media in _media(movie)]
    except (struct.error, TooManyBoxes):
        return None
    return max(ends, default=None)


def _media(movie: bytes) -> Iterator[bytes]:
    for kind, content in contents(movie):
        media = content_at(content, b"mdia") if kind == b"trak" else b""
        if content_at(media, b"hdlr")[8:12] in _SEEN_AND_HEARD:
            yield media


def _first_sample_end(media: bytes) -> int:
    """End of a track's first sample. Raises struct.error when it has none."""
    table = content_at(media, b"minf", b"stbl")
    kind, form = next((pair for pair in _OFFSET_TABLES if content_at(table, pair[0])), _OFFSET_TABLES[0])
    (start,) = struct.unpack_from(form, content_at(table, kind), 8)
    sizes = content_at(table, b"stsz")
    (size_bytes,) = struct.unpack_from(">I", sizes, 4)
    if not size_bytes:  # They differ, and are listed.
        (size_bytes,) = struct.unpack_from(">I", sizes, 12)
    return int(start + size_bytes)
