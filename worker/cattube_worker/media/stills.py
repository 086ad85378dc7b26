"""Which frames become thumbnails. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from cattube_worker.media.recipe import Branch


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
    """Filters that let through the first frame at or after each moment.

    The last frame is held on for as long as the latest moment asks, so that a video whose sound goes on
    longer than its pictures still has its thumbnail.
    """
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
