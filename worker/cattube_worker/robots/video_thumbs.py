"""/video/thumbs: stills of a video."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from cattube_worker.media.colors import opaque_color
from cattube_worker.media.encode.branches import Branch, Frames
from cattube_worker.media.encode.ffmpeg_options import FFmpegOptions, merged, read_options
from cattube_worker.media.encode.output import Output, Words, option
from cattube_worker.media.geometry import Resized, ResizeStrategy, resize, turn, turned
from cattube_worker.media.stills.moments import evenly_spaced, moments
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

    # Accepted, and without effect: frames are taken where count and offsets say, by whatever decoder fits.
    input_codec: str | None = None
    smart: bool = False
    smart_max_candidates: int = Field(20, ge=2, le=100)
    ffmpeg_stack: str | None = None

    @property
    def still_count(self) -> int | None:
        return None if self.offsets else self.count

    @property
    def may_stay_frames(self) -> bool:
        is_handed_on = self.result or self.user_meta
        return not (is_handed_on or self.ignored_phases or self.force_accept or self.ffmpeg)

    def branch(self, request: BranchRequest) -> Branch:
        sized, options = self.sized(request.frames), read_options(self.ffmpeg)
        filters = square_pixels(request, sized.filters)
        return Branch(
            name=request.step,
            source=request.source,
            output=Output(
                path=request.stem.with_name(f"{request.stem.name}-%05d"),
                ext=self._ext,
                video=merged(_ENCODERS[self._ext], _quality(options)),
                container=("-f", "image2"),
                pixel_format=_PIXEL_FORMATS[self._ext],
                filters=(*filters, *options.filters, f"format={_PIXEL_FORMATS[self._ext]}"),
                stills_at_seconds=self.moments(request.frames),
            ),
            frames=Frames(size=sized.size, duration_seconds=0),
        )

    def file_name(self, basename: str, *, index: int, count: int) -> str:
        return f"{basename}.{self._ext}" if count == 1 else f"{basename}_{index}.{self._ext}"

    def file_meta(self, frames: Frames, *, index: int) -> dict[str, Any]:
        return {"thumb_index": index, "thumb_offset": round(self.moments(frames)[index], 3)}

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

    @property
    def _ext(self) -> Literal["jpg", "png"]:
        return "png" if self.format == "png" else "jpg"


def _quality(options: FFmpegOptions) -> Words:
    """Quality of the stills, the one of the step's own encoder options that means something to them."""
    quality = option(options.video, "-q:v") or option(options.video, "-qscale:v")
    return ("-q:v", quality) if quality else ()
