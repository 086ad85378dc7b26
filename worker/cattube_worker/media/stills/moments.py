"""Which frames become thumbnails. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from cattube_worker.media.encode.recipe import Branch

_SAME = 1e-6


def evenly_spaced(count: int, duration_seconds: float) -> tuple[float, ...]:
    """`count` moments that cut the duration into equal parts: 3 are at a quarter, a half, three quarters."""
    return tuple(duration_seconds * (index + 1) / (count + 1) for index in range(count))


def moments(offsets: Sequence[str], duration_seconds: float) -> tuple[float, ...]:
    """Offsets such as "2.5" (seconds) or "10%", in the video's order; those outside of it are left out."""
    seconds = [
        duration_seconds * float(offset.removesuffix("%")) / 100 if offset.endswith("%") else float(offset)
        for offset in offsets
    ]
    return tuple(sorted(each for each in seconds if 0 <= each <= max(duration_seconds, 0)))


def choose_frames(moments_seconds: Sequence[float]) -> tuple[str, ...]:
    """Filters that let through a frame for each moment: the first at or after it, or, where the distances are
    even, the one that is seen then, which in a short video may be the same for several moments.

    The last frame is held on for as long as the latest moment asks, so that a video whose sound goes on
    longer than its pictures still has its thumbnail.
    """
    distance = _even_distance(moments_seconds)
    return _each(moments_seconds) if distance is None else _steadily(moments_seconds, distance)


def _even_distance(moments_seconds: Sequence[float]) -> float | None:
    """The one between all the moments; None where there is no such."""
    distances = [later - moment for moment, later in pairwise(moments_seconds)]
    is_even = distances and max(distances) - min(distances) < _SAME
    return sum(distances) / len(distances) if is_even else None


def _steadily(moments_seconds: Sequence[float], distance: float) -> tuple[str, ...]:
    """Frames between the moments are dropped without being looked at."""
    first, count = moments_seconds[0], len(moments_seconds)
    hold = f"tpad=stop_mode=clone:stop={count}"
    if distance < _SAME:  # a video of unknown length: all its moments are the first
        return ("trim=end_frame=1", hold)
    return (
        # Behind a watermark nothing tells how long the last frame lasts, and "fps" would leave it out.
        "tpad=stop_mode=clone:stop=1",
        # Far enough for the last frame to reach a moment; it is held on for the others when most are dropped.
        f"tpad=stop_mode=clone:stop_duration={first + distance:.3f}",
        f"setpts=PTS-{first:.6f}/TB",
        # "up": a frame counts for the first moment that does not lie before it.
        f"fps=1000000/{round(distance * 1_000_000)}:start_time=0:round=up",
        hold,
    )


def _each(moments_seconds: Sequence[float]) -> tuple[str, ...]:
    first, *later = moments_seconds
    wanted = [f"isnan(prev_selected_t)*gte(t,{first:.3f})"]
    wanted += [f"gte(t,{moment:.3f})*lt(prev_selected_t,{moment:.3f})" for moment in later]
    hold_seconds = max(moments_seconds) + 1
    return (f"tpad=stop_mode=clone:stop_duration={hold_seconds:.3f}", f"select='{'+'.join(wanted)}'")


def first_moment(branches: Sequence[Branch]) -> float:
    """Where reading may begin: at the first still, where nothing but stills is made."""
    stills = [branch.output.stills_at_seconds for branch in branches]
    if any(each is None for each in stills):
        return 0
    return min((moment for each in stills for moment in each or ()), default=0)
