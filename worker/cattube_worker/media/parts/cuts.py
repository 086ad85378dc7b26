"""The frames before which a video is cut into parts that are encoded side by side. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, pairwise

from cattube_worker.media.encode.command import MOST_FRAMES_PER_SECOND
from cattube_worker.media.mp4.sample_table import SampleTable

# What is cut is copied into MP4; of these codecs every decoder begins anew at a key frame.
_CODECS = frozenset({b"avc1", b"hvc1", b"hev1"})
MOST_PARTS = 64
# Parts that are much longer than the others keep everybody waiting.
_LONGEST_SHARE = Fraction(3, 2)


def part_count(duration_seconds: float, *, workers: int, part_seconds: float) -> int:
    """The number of parts for so many workers, each as long as `part_seconds` at least; 1 leaves it whole.

    Each worker gets as many as the others.
    """
    if workers < 2 or part_seconds <= 0:
        return 1
    most = min(MOST_PARTS, int(duration_seconds / part_seconds))
    return most if most < workers else most - most % workers


def cuts_of(table: SampleTable | None, count: int) -> tuple[int, ...] | None:
    """The first frame of each part but the first; None when the video has to be encoded whole.

    That is so when frames come unevenly, when the edit list hides some, when frames after a key frame
    need some before it, and when key frames lie where parts would become too unlike.
    """
    if table is None or count < 2 or not _is_plain(table):
        return None
    frames = len(table.shown_at)
    cuts = _nearest(_closed_key_frames(table), [frames * place // count for place in range(1, count)])
    ends = [0, *cuts, frames]
    lengths = [end - start for start, end in pairwise(ends)]
    if min(lengths) < 1 or max(lengths) > _LONGEST_SHARE * frames / count:
        return None
    return tuple(cuts)


def _is_plain(table: SampleTable) -> bool:
    return (
        table.codec in _CODECS
        and bool(table.configuration)
        and not table.has_odd_edits
        and table.is_even
        and table.frames_per_second <= MOST_FRAMES_PER_SECOND
    )


def _closed_key_frames(table: SampleTable) -> list[int]:
    """Key frames which all before are shown before, and all after are shown after."""
    shown = table.shown_at
    latest_before = [-1, *accumulate(shown, max)]
    earliest_from = list(accumulate(reversed(shown), min))[::-1]
    return [
        place
        for place in table.key_frames
        if 0 <= place < len(shown) and latest_before[place] < shown[place] == earliest_from[place]
    ]


def _nearest(sorted_places: Sequence[int], wanted: Sequence[int]) -> list[int]:
    """The place nearest to each that is wanted; 0 where there is none."""
    nearest = []
    for place in wanted:
        after = bisect_left(sorted_places, place)
        nearby = sorted_places[max(0, after - 1) : after + 1]
        nearest.append(min(nearby, key=lambda near: abs(near - place), default=0))
    return nearest
