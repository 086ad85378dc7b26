"""Crop that a container asks for: the part of each stored frame that is to be shown. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from cattube_worker.media.geometry import Size


@dataclass(frozen=True, kw_only=True)
class Crop:
    """Part of a frame, in pixels. stored: size of the whole frame."""

    stored: Size
    width: int
    height: int
    left: int
    top: int

    @classmethod
    def within(
        cls,
        stored_width: int,
        stored_height: int,
        *,
        width: float | Fraction,
        height: float | Fraction,
        left: float | Fraction,
        top: float | Fraction,
    ) -> Self | None:
        """That part of a frame of the stored size; None when it is all of it, or lies outside."""
        part = cls(
            stored=Size(stored_width, stored_height),
            width=round(width),
            height=round(height),
            left=round(left),
            top=round(top),
        )
        is_all = part.width >= stored_width and part.height >= stored_height
        lies_inside = (
            part.width > 0
            and part.height > 0
            and 0 <= part.left <= stored_width - part.width
            and 0 <= part.top <= stored_height - part.height
        )
        return part if lies_inside and not is_all else None

    def turned(self, degrees: int) -> Crop:
        """The same part of the frame after a turn clockwise by a multiple of 90 degrees."""
        if degrees % 360 == 0:
            return self
        # By a quarter: what was at the bottom comes to the left.
        quarter = Crop(
            stored=Size(self.stored.height, self.stored.width),
            width=self.height,
            height=self.width,
            left=self.stored.height - self.height - self.top,
            top=self.left,
        )
        return quarter.turned(degrees - 90)

    def filter(self) -> str:
        """Filter that cuts it out; frames that a decoder has cut already, as newer ffmpegs do, pass."""
        x = f"if(gt(iw,{self.width}),{self.left},0)"
        y = f"if(gt(ih,{self.height}),{self.top},0)"
        return f"crop=w={self.width}:h={self.height}:x='{x}':y='{y}':exact=1"
