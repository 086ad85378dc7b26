"""Moments of a video that become thumbnails, and the filters that choose their frames. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from cattube_worker.media.encode.filters.branches import Branch

_SAME = 1e-6


def evenly_spaced(count: int, duration_seconds: float) -> tuple[float, ...]:
    """Moments that divide the duration into equal parts: three are at a quarter, a half, three quarters."""
    return tuple(duration_seconds * (index + 1) / (count + 1) for index in range(count))


def moments(offsets: Sequence[str], duration_seconds: float) -> tuple[float, ...]:
    """Moments of offsets such as "2.5" (seconds) or "10%", in order; none outside of the video."""
    seconds = [
        duration_seconds * float(offset.removesuffix("%")) / 100 if offset.endswith("%") else float(offset)
        for offset in offsets
    ]
    return tuple(sorted(moment for moment in seconds if 0 <= moment <= max(duration_seconds, 0)))


def choose_frames(moments_seconds: Sequence[float]) -> tuple[str, ...]:
    """Filters that pass a frame for each moment.

    It is the first frame at or after the moment. Where the distances are even, it is the frame shown then,
    which in a short video may be the same for several moments. The last frame is repeated up to the latest
    moment, so that a video whose sound is longer than its pictures still has its thumbnail.
    """
    distance = _even_distance(moments_seconds)
    return _select(moments_seconds) if distance is None else _resample(moments_seconds, distance)


def _even_distance(moments_seconds: Sequence[float]) -> float | None:
    """Distance between any two neighbours; None where it differs."""
    distances = [later - moment for moment, later in pairwise(moments_seconds)]
    is_even = distances and max(distances) - min(distances) < _SAME
    return sum(distances) / len(distances) if is_even else None


def _resample(moments_seconds: Sequence[float], distance: float) -> tuple[str, ...]:
    """Filters for moments at even distances: the frames in between are dropped by their rate."""
    first, count = moments_seconds[0], len(moments_seconds)
    hold = f"tpad=stop_mode=clone:stop={count}"
    if distance < _SAME:  # a video of unknown length: all its moments are the first
        return ("trim=end_frame=1", hold)
    return (
        # Behind a watermark the last frame has no duration, and "fps" would leave it out.
        "tpad=stop_mode=clone:stop=1",
        # Far enough for the last frame to reach a moment; it is repeated for the others later.
        f"tpad=stop_mode=clone:stop_duration={first + distance:.3f}",
        f"setpts=PTS-{first:.6f}/TB",
        # "up": a frame counts for the first moment that does not lie before it.
        f"fps=1000000/{round(distance * 1_000_000)}:start_time=0:round=up",
        hold,
    )


def _select(moments_seconds: Sequence[float]) -> tuple[str, ...]:
    first, *later = moments_seconds
    conditions = [f"isnan(prev_selected_t)*gte(t,{first:.3f})"]
    conditions += [f"gte(t,{moment:.3f})*lt(prev_selected_t,{moment:.3f})" for moment in later]
    hold_seconds = max(moments_seconds) + 1
    return (f"tpad=stop_mode=clone:stop_duration={hold_seconds:.3f}", f"select='{'+'.join(conditions)}'")


def first_moment(branches: Sequence[Branch]) -> float:
    """Moment at which reading may begin: the first still, when all outputs are stills."""
    stills = [branch.output.stills_at_seconds for branch in branches]
    if any(moments_seconds is None for moments_seconds in stills):
        return 0
    return min((moment for moments_seconds in stills for moment in moments_seconds or ()), default=0)
