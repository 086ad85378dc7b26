"""The kind of robot whose work is frames: several of them share one ffmpeg process."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from cattube_worker.media.encode.filters.branches import Branch, Frames
from cattube_worker.media.geometry import Resized, Size, keep_shape, scale_to
from cattube_worker.robots.shared.base import Robot


@dataclass(frozen=True, kw_only=True)
class BranchRequest:
    """The place of a step in a shared ffmpeg process, for which its robot makes a branch.

    source: the step in the same process whose frames it takes; None takes them from the file.
    stem: path of its file, or the beginning of the paths of several, without an ending: ffmpeg would take
    one for a hint at what is inside. watermark: the local image, when the step asks for one.
    """

    step: str
    source: str | None
    frames: Frames
    stem: Path
    watermark: Path | None = None

    @property
    def is_of_file(self) -> bool:
        """True when the frames are the file's own."""
        return self.source is None


class FrameRobot(Robot):
    """A robot that adds a branch to an ffmpeg process."""

    takes_frames: ClassVar[bool] = True

    @property
    def is_repeatable(self) -> bool:
        """True when its branch is always the same for the same request."""
        return True

    @abstractmethod
    def branch(self, request: BranchRequest) -> Branch:
        """The step's branch. Pure."""

    @abstractmethod
    def file_name(self, basename: str, *, index: int, count: int) -> str:
        """The name of the `index`th of `count` files made from a file of that basename."""

    def file_meta(self, frames: Frames, *, index: int, path: Path) -> dict[str, Any]:
        """Metadata of that file beyond what can be read from it. frames: those that the robot worked on.

        path: of the file, as ffmpeg has numbered it.
        """
        return {}

    def smaller(self, branch: Branch, size: Size) -> Self | None:
        """The robot that makes the same in a smaller size; None where it cannot be the same.

        branch: what this one makes.
        """
        return None


class StillsRobot(FrameRobot):
    """A robot that makes stills of a video: another may lay them on one sheet without files in between."""

    makes_stills: ClassVar[bool] = True

    @property
    @abstractmethod
    def still_count(self) -> int | None:
        """The number of stills; None where that depends on the video."""

    @abstractmethod
    def sized(self, frames: Frames) -> Resized:
        """Filters from those frames to the stills made of them, and their size."""

    @abstractmethod
    def moments(self, frames: Frames) -> tuple[float, ...]:
        """The seconds at which a still of those frames is taken."""

    @property
    @abstractmethod
    def may_stay_frames(self) -> bool:
        """True when nobody would see the stills themselves."""


def square_pixels(request: BranchRequest, filters: tuple[str, ...]) -> tuple[str, ...]:
    """`filters` on plain frames: a file's own may be anamorphic, and their size is as shown."""
    if not request.is_of_file:
        return filters
    is_scaled = bool(filters) and filters[0].startswith("scale=")
    frames = request.frames
    scaled = filters if is_scaled else (*scale_to(frames.size), *filters)
    return frames.normalization.around(keep_shape(scaled, frames.size))
