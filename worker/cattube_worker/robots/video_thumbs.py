"""/video/thumbs: stills of a video."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from cattube_worker.media.colors import opaque_color
from cattube_worker.media.encode.filters.branches import Branch, Frames
from cattube_worker.media.encode.filters.color_filters import to_jpeg
from cattube_worker.media.encode.output import Output, Words, option
from cattube_worker.media.encode.step_options.ffmpeg_options import FFmpegOptions, merged
from cattube_worker.media.encode.step_options.options_reader import read_options
from cattube_worker.media.geometry import Resized, ResizeStrategy, resize, turn, turned
from cattube_worker.media.stills.moments import evenly_spaced, moments
from cattube_worker.media.stills.telling import candidates, shades
from cattube_worker.robots.shared.encode_parameters import FFmpeg
from cattube_worker.robots.shared.frame_robot import BranchRequest, StillsRobot, square_pixels
from cattube_worker.robots.shared.values import HexColor, as_text

Offset = Annotated[str, BeforeValidator(as_text), Field(pattern=r"^\d{1,6}(\.\d{1,6})?%?$")]

_ENCODERS = {"jpg": ("-c:v", "mjpeg", "-q:v", "4"), "png": ("-c:v", "png")}
_PIXEL_FORMATS = {"jpg": "yuvj420p", "png": "rgb24"}


class VideoThumbs(StillsRobot):
    """Stills in the video's order; `offsets` win over `count`.

    Source: Transloadit docs, "/video/thumbs".
    """

    name: ClassVar[str] = "/video/thumbs"

    count: int = Field(8, ge=1, le=999)
    offsets: tuple[Offset, ...] = Field((), max_length=999)
    format: Literal["jpeg", "jpg", "png"] = "jpeg"
    width: int | None = Field(None, ge=1, le=1920)
    height: int | None = Field(None, ge=1, le=1080)
    resize_strategy: ResizeStrategy = "pad"
    background: HexColor = "#00000000"
    rotate: Literal[0, 90, 180, 270, 360] = 0

    ffmpeg: FFmpeg = {}

    # Each still is then the first at its moment or later, before the next one's, that shows something.
    smart: bool = False
    smart_max_candidates: int = Field(20, ge=2, le=100)

    # Accepted, and without effect: there is one ffmpeg here, which has whatever decoder fits.
    input_codec: str | None = None
    ffmpeg_stack: str | None = None

    @property
    def still_count(self) -> int | None:
        return None if self.offsets else self.count

    @property
    def may_stay_frames(self) -> bool:
        is_handed_on = self.result or self.user_meta
        return not (is_handed_on or self.ignored_phases or self.force_accept or self.ffmpeg or self.smart)

    def branch(self, request: BranchRequest) -> Branch:
        sized, options = self.sized(request.frames), read_options(self.ffmpeg)
        filters = (*square_pixels(request, sized.filters), *options.filters)
        report = request.stem.with_suffix(".shades") if self.smart else None
        return Branch(
            name=request.step,
            source=request.source,
            output=Output(
                path=request.stem.with_name(f"{request.stem.name}-%05d"),
                ext=self._ext,
                video=merged(_ENCODERS[self._ext], _quality(options)),
                container=("-f", "image2"),
                pixel_format=_PIXEL_FORMATS[self._ext],
                filters=(*filters, *(shades(report) if report else ()), *self._last_filters()),
                stills_at_seconds=self._taken_at(request.frames),
                candidates=self._candidate_count(request.frames),
                shades_report=report,
            ),
            frames=Frames(size=sized.size, duration_seconds=0),
        )

    def file_name(self, basename: str, *, index: int, count: int) -> str:
        return f"{basename}.{self._ext}" if count == 1 else f"{basename}_{index}.{self._ext}"

    def file_meta(self, frames: Frames, *, index: int, path: Path) -> dict[str, Any]:
        number = int(path.name.rpartition("-")[2])  # ffmpeg's, from 1
        return {"thumb_index": index, "thumb_offset": round(self._taken_at(frames)[number - 1], 3)}

    def sized(self, frames: Frames) -> Resized:
        resized = resize(
            turned(frames.size, self.rotate),
            width=self.width,
            height=self.height,
            strategy=self.resize_strategy,
            background=opaque_color(self.background),
        )
        return replace(resized, filters=(*turn(self.rotate), *resized.filters))

    def moments(self, frames: Frames) -> tuple[float, ...]:
        if self.offsets:
            return moments(self.offsets, frames.duration_seconds)
        return evenly_spaced(self.count, frames.duration_seconds)

    def _taken_at(self, frames: Frames) -> tuple[float, ...]:
        """Moments of all pictures that are made, some of which may be candidates only."""
        moments, count = self.moments(frames), self._candidate_count(frames)
        if count == 1:
            return moments
        return candidates(moments, end_seconds=frames.duration_seconds, count=count)

    def _candidate_count(self, frames: Frames) -> int:
        """Candidates for each still: all stills together have as many as the step allows."""
        if not self.smart or not frames.duration_seconds:
            return 1
        return max(2, self.smart_max_candidates // max(1, len(self.moments(frames))))

    def _last_filters(self) -> tuple[str, ...]:
        return to_jpeg(_PIXEL_FORMATS["jpg"]) if self._ext == "jpg" else (f"format={_PIXEL_FORMATS['png']}",)

    @property
    def _ext(self) -> Literal["jpg", "png"]:
        return "png" if self.format == "png" else "jpg"


def _quality(options: FFmpegOptions) -> Words:
    """Quality of the stills, the one of the step's own encoder options that means something to them."""
    quality = option(options.video, "-q:v") or option(options.video, "-qscale:v")
    return ("-q:v", quality) if quality else ()
