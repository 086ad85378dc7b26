"""Playlist of a live preview as viewers get it: the pieces that ffmpeg writes, joined to segments. Pure.

A piece lasts half a second, so that there is something to watch at once. Segments of that length all along
would be many requests, and a playlist of thousands of lines that players read again and again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from cattube_worker.media.streams.piece_list import END, head_of, pieces_in
from cattube_worker.media.streams.quick_playlist import has_ended, is_whole_video, seconds_shown, shown_pieces
from cattube_worker.media.streams.quick_start import KEY_FRAME_SECONDS

# Each piece of the first four seconds is a segment: the encoder may be hardly faster than the player.
_SINGLE_PIECES = 8
# Two seconds. They need not begin with a key frame.
_PIECES_OF_A_SEGMENT = 4
_LEAST_TARGET_SECONDS = 2
# Pieces begin at the first frame behind a multiple of half a second, or as much before as sound begins early.
_TOLERANCE_SECONDS = 0.25
_SEGMENT = re.compile(r"([0-9]{1,9})-([0-9]{1,9})\.m4s")
_TARGET = re.compile(r"#EXT-X-TARGETDURATION:[0-9]+\n")
_MAP = re.compile(r"#EXT-X-MAP:.*\n")
# Players would begin at the end, as they do with a live stream.
_FROM_THE_START = "#EXT-X-START:TIME-OFFSET=0\n"


# Seconds and name of each.
_Segments = Sequence[tuple[float, str]]


# All who watch a video ask for the same.
@lru_cache(maxsize=8)
def viewers_playlist(playlist: str, quick_start: str = "") -> str:
    """The playlist for viewers. A segment that is named once stays as it is, whatever follows.

    playlist: as ffmpeg writes it, an EVENT whose pieces are numbered from 0; empty before the first piece.
    quick_start: the same of the quick start; empty without. When it has ended, what is later follows it.
    """
    pieces, is_ended = [seconds for seconds, _ in pieces_in(playlist)], END in playlist
    if not quick_start:
        return _written(playlist, [], "", list(_segments(pieces, 0, is_ended=is_ended)), is_ended=is_ended)
    start = shown_pieces(quick_start)
    if is_whole_video(quick_start) or not has_ended(quick_start):
        return _written(quick_start, start, "", [], is_ended=is_whole_video(quick_start))
    first = _first_after(seconds_shown(quick_start), pieces)
    segments = list(_segments(pieces, first, is_ended=is_ended))
    joint = f"#EXT-X-DISCONTINUITY\n{''.join(_MAP.findall(head_of(playlist)))}" if segments else ""
    return _written(quick_start, start, joint, segments, is_ended=is_ended)


def pieces_of(name: str) -> list[str]:
    """The files whose bytes, one after the other, are what a playlist names; itself for any other name."""
    match = _SEGMENT.fullmatch(name)
    if match is None:
        return [name]
    first, last = int(match[1]), int(match[2])
    is_segment = first < last < first + _PIECES_OF_A_SEGMENT
    return [f"{number}.m4s" for number in range(first, last + 1)] if is_segment else [name]


def _written(head: str, start: _Segments, joint: str, segments: _Segments, *, is_ended: bool) -> str:
    """The playlist of `start` and `segments`. head: a playlist that begins as it does."""
    longest = max((math.floor(seconds + 0.5) for seconds, _ in (*start, *segments)), default=0)
    target = f"#EXT-X-TARGETDURATION:{max(_LEAST_TARGET_SECONDS, longest)}\n"
    head = _TARGET.sub(target, head_of(head)).replace("#EXTM3U\n", f"#EXTM3U\n{_FROM_THE_START}", 1)
    return head + _lines(start) + joint + _lines(segments) + (f"{END}\n" if is_ended else "")


def _first_after(seconds: float, pieces: Sequence[float]) -> int:
    """Number of the first piece behind so many seconds that begins with a key frame."""
    end = math.ceil((seconds - _TOLERANCE_SECONDS) / KEY_FRAME_SECONDS) * KEY_FRAME_SECONDS
    begins = 0.0
    for number, seconds in enumerate(pieces):
        if begins > end - _TOLERANCE_SECONDS:
            return number
        begins += seconds
    return len(pieces)


def _segments(pieces: Sequence[float], first: int, *, is_ended: bool) -> Iterator[tuple[float, str]]:
    """Seconds and name of each segment that is complete, from the piece `first` on."""
    joined_from = first + _SINGLE_PIECES
    for number, seconds in enumerate(pieces[first:joined_from], start=first):
        yield seconds, f"{number}.m4s"
    for number in range(joined_from, len(pieces), _PIECES_OF_A_SEGMENT):
        joined = pieces[number : number + _PIECES_OF_A_SEGMENT]
        if len(joined) == _PIECES_OF_A_SEGMENT or is_ended:
            yield math.fsum(joined), _name(number, len(joined))


def _name(first: int, count: int) -> str:
    return f"{first}.m4s" if count == 1 else f"{first}-{first + count - 1}.m4s"


def _lines(segments: _Segments) -> str:
    return "".join(f"#EXTINF:{seconds:.6f},\n{name}\n" for seconds, name in segments)
