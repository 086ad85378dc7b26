"""Stills of a video and the /image/merge that lays them on one sheet, as one robot that makes no stills."""

from __future__ import annotations

from typing import ClassVar

from cattube_worker.media.colors import Rgb
from cattube_worker.media.encode.filters.branches import Branch, Frames
from cattube_worker.media.encode.output import Output
from cattube_worker.media.stills.encoders import still_codec
from cattube_worker.media.stills.sprite_sheet import Grid, tile
from cattube_worker.robots.shared.frame_robot import BranchRequest, FrameRobot, StillsRobot, square_pixels


class SpriteSheet(FrameRobot):
    """The work of both in one. No instructions name it: a plan puts it in their place.

    stills_step: the step that the stills would be of. format, quality: of the sheet.
    """

    name: ClassVar[str] = "/image/merge"

    stills: StillsRobot
    stills_step: str
    grid: Grid
    grid_background: Rgb | None
    format: str
    quality: int

    @property
    def stands_for(self) -> tuple[tuple[str, str], ...]:
        return ((self.stills_step, self.stills.name),)

    def branch(self, request: BranchRequest) -> Branch:
        frames = request.frames
        sized = self.stills.sized(frames)
        moments = self.stills.moments(frames)
        tiled = tile(self.grid, sized.size, len(moments), background=self.grid_background)
        return Branch(
            name=request.step,
            source=request.source,
            output=Output(
                path=request.stem,
                ext=self.format,
                video=still_codec(self.format, self.quality),
                container=("-f", "image2", "-update", "1"),
                filters=square_pixels(request, (*sized.filters, *tiled.filters)),
                stills_at_seconds=moments,
                is_sprite_sheet=True,
            ),
            frames=Frames(size=tiled.size, duration_seconds=0),
        )

    def file_name(self, basename: str, *, index: int, count: int) -> str:
        first = self.stills.file_name(basename, index=0, count=self.stills.still_count or 1)
        return f"{first.rpartition('.')[0]}.{self.format}"
