"""Playlist of a live preview as viewers get it: the pieces that ffmpeg writes, joined to segments. Pure.

A piece lasts half a second, so that there is something to watch at once. Segments of that length all along
would be many requests, and a playlist of thousands of lines that players read again and again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

# Each piece of the first four seconds is a segment: the encoder may be hardly faster than the player.
_SINGLE_PIECES = 8
# Two seconds. They need not begin with a key frame.
_PIECES_OF_A_SEGMENT = 4
_LEAST_TARGET_SECONDS = 2
_PIECE = re.compile(r"#EXTINF:([0-9.]+),?\n([0-9]+)\.m4s\n")
_SEGMENT = re.compile(r"([0-9]{1,9})-([0-9]{1,9})\.m4s")
_TARGET = re.compile(r"#EXT-X-TARGETDURATION:[0-9]+\n")
_END = "#EXT-X-ENDLIST"
# Players would begin at the end, as they do with a live stream.
_FROM_THE_START = "#EXT-X-START:TIME-OFFSET=0\n"


# All who watch a video ask for the same.
@lru_cache(maxsize=8)
def viewers_playlist(playlist: str) -> str:
    """The playlist for viewers. A segment that is named once stays as it is, whatever follows.

    playlist: as ffmpeg writes it, an EVENT whose pieces are numbered from 0.
    """
    pieces = [float(seconds) for seconds, _ in _PIECE.findall(playlist)]
    segments = list(_segments(pieces, is_ended=_END in playlist))
    longest = max((math.floor(seconds + 0.5) for seconds, _ in segments), default=0)
    target = f"#EXT-X-TARGETDURATION:{max(_LEAST_TARGET_SECONDS, longest)}\n"
    head = _TARGET.sub(target, _PIECE.split(playlist, maxsplit=1)[0].removesuffix(f"{_END}\n"))
    head = head.replace("#EXTM3U\n", f"#EXTM3U\n{_FROM_THE_START}", 1)
    body = "".join(f"#EXTINF:{seconds:.6f},\n{name}\n" for seconds, name in segments)
    return head + body + (f"{_END}\n" if _END in playlist else "")


def pieces_of(name: str) -> list[str]:
    """The files whose bytes, one after the other, are what a playlist names; itself for any other name."""
    match = _SEGMENT.fullmatch(name)
    if match is None:
        return [name]
    first, last = int(match[1]), int(match[2])
    is_segment = first < last < first + _PIECES_OF_A_SEGMENT
    return [f"{number}.m4s" for number in range(first, last + 1)] if is_segment else [name]


def _segments(pieces: Sequence[float], *, is_ended: bool) -> Iterator[tuple[float, str]]:
    """Seconds and name of each segment that is complete."""
    for number, seconds in enumerate(pieces[:_SINGLE_PIECES]):
        yield seconds, f"{number}.m4s"
    for first in range(_SINGLE_PIECES, len(pieces), _PIECES_OF_A_SEGMENT):
        joined = pieces[first : first + _PIECES_OF_A_SEGMENT]
        if len(joined) == _PIECES_OF_A_SEGMENT or is_ended:
            yield math.fsum(joined), _name(first, len(joined))


def _name(first: int, count: int) -> str:
    return f"{first}.m4s" if count == 1 else f"{first}-{first + count - 1}.m4s"
