"""Frames that are scaled down from larger ones that are made anyway, and not from the file's own. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from cattube_worker.media.encode.filters.branches import Branch
from cattube_worker.media.geometry import scale_to

# What these leave of a frame depends on its size, so a smaller one cannot come out of a larger one.
_TIED_TO_A_SIZE = ("crop=", "pad=")


def larger_branches(branches: Sequence[Branch]) -> dict[str, Branch]:
    """By name, the branch whose frames (before its watermark) a branch can be scaled down from.

    That is the next larger one that does the same to the same frames but for the size. Costly work on them,
    such as mapping HDR's tones, is then done once, and a small frame is scaled from few pixels.
    """
    by_size = sorted(branches, key=lambda branch: -branch.frames.size.width * branch.frames.size.height)
    larger = {}
    for index, branch in enumerate(by_size):
        sources = [other for other in by_size[:index] if _contains(other, branch)]
        if sources:
            larger[branch.name] = sources[-1]
    return larger


def scaled_down(branch: Branch) -> tuple[str, ...]:
    """The filters from the frames of a larger branch to those of this one."""
    return scale_to(branch.frames.size)


def _contains(larger: Branch, smaller: Branch) -> bool:
    above, below = larger.frames.size, smaller.frames.size
    return (
        larger.source == smaller.source
        and above.width >= below.width
        and above.height >= below.height
        and _but_for_size(larger) is not None
        and _but_for_size(larger) == _but_for_size(smaller)
    )


def _but_for_size(branch: Branch) -> tuple[str, ...] | None:
    """The branch's filters with a gap for the scaling; None for one that does not scale, or crops or pads."""
    filters = branch.filters
    scalings = [index for index, text in enumerate(filters) if text.startswith("scale=")]
    if not scalings or any(text.startswith(_TIED_TO_A_SIZE) for text in filters):
        return None
    first = scalings[0]
    return (*filters[:first], "", *filters[first + 1 :])
