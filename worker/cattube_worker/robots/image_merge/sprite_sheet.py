"""/video/thumbs and the /image/merge that lays its stills on one sheet, as one robot that makes no stills."""

from __future__ import annotations

from typing import ClassVar, Self

from cattube_worker.media.encode.branches import Branch, Frames, Output
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.geometry import Size
from cattube_worker.media.stills.encoders import still_codec
from cattube_worker.media.stills.sprite_sheet import tile
from cattube_worker.robots.image_merge.robot import MOST_PICTURES, ImageMerge
from cattube_worker.robots.shared.base import MediaRobot, Place, Robot
from cattube_worker.robots.shared.images import squared
from cattube_worker.robots.video_thumbs import VideoThumbs


class VideoSpriteSheet(MediaRobot):
    """What the two would make one after the other. No instructions name it: a plan puts it in their place.

    of_step: the step that the stills would be of.
    """

    name: ClassVar[str] = ImageMerge.name

    stills: VideoThumbs
    merge: ImageMerge
    of_step: str

    @classmethod
    def of(cls, stills: VideoThumbs, merge: ImageMerge, *, of_step: str) -> Self | None:
        """The two as one; None where that would not come to the same."""
        if stills.queue != merge.queue or not (_are_for_nobody_else(stills) and _can_be_laid(stills, merge)):
            return None
        own = {name: getattr(merge, name) for name in Robot.model_fields}
        return cls(stills=stills, merge=merge, of_step=of_step, **own)

    def branch(self, place: Place) -> Branch:
        frames = place.frames
        sized = self.stills.sized(frames)
        moments = self.stills.moments(frames)
        tiled = tile(self.merge.grid, sized.size, len(moments), background=self.merge.shown_background)
        filters = (*sized.filters, *tiled.filters)
        output = Output(
            path=place.stem,
            video=still_codec(self.merge.format, self.merge.quality),
            container=("-f", "image2", "-update", "1"),
            stills_at_seconds=moments,
            is_sprite_sheet=True,
        )
        return Branch(
            name=place.step,
            source=place.source,
            output=output,
            output_filters=squared(frames, filters, is_first=place.source is None),
            frames=Frames(size=tiled.size, duration_seconds=0),
        )

    def file_name(self, basename: str, *, index: int, count: int) -> str:
        first = self.stills.file_name(basename, index=0, count=self.stills.count)
        return f"{first.rpartition('.')[0]}.{self.merge.format}"


def _are_for_nobody_else(stills: VideoThumbs) -> bool:
    is_given_on = stills.result or stills.user_meta
    return not (is_given_on or stills.ignored_phases or stills.force_accept or stills.ffmpeg)


def _can_be_laid(stills: VideoThumbs, merge: ImageMerge) -> bool:
    """Whether it is known before there is a video that they will lie in the cells of a grid."""
    is_grid = merge.direction == "grid" and merge.cell_width and merge.cell_height
    is_plain = merge.format in {"jpg", "png"} and not (merge.ignored_phases or merge.force_accept)
    if not (is_grid and is_plain) or stills.offsets or stills.count > MOST_PICTURES:
        return False
    try:
        merge.check(tile(merge.grid, Size(1, 1), stills.count, background=None).size)
    except InvalidInput:
        return False  # /image/merge will say so when it comes to that
    return True
