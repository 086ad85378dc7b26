"""/video/thumbs: stills of a video."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from cattube_worker.media.encode.branches import Branch, Frames, Output
from cattube_worker.media.encode.ffmpeg_options import FFmpegOptions, merged, read_options
from cattube_worker.media.geometry import Resized, ResizeStrategy, turn, turned
from cattube_worker.media.stills.moments import evenly_spaced, moments
from cattube_worker.robots.shared.base import MediaRobot, Place
from cattube_worker.robots.shared.encode_parameters import FFmpeg
from cattube_worker.robots.shared.images import Color, resized, squared


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Offset = Annotated[str, BeforeValidator(_as_text), Field(pattern=r"^\d{1,6}(\.\d{1,6})?%?$")]

_ENCODERS = {"jpg": ("-c:v", "mjpeg", "-q:v", "4"), "png": ("-c:v", "png")}
_PIXELS = {"jpg": "yuvj420p", "png": "rgb24"}


class VideoThumbs(MediaRobot):
    """Pictures in the video's order; `offsets` win over `count`.

    Source: Transloadit docs, "/video/thumbs".
    """

    name: ClassVar[str] = "/video/thumbs"

    count: int = Field(8, ge=1, le=999)
    offsets: tuple[Offset, ...] = Field((), max_length=999)
    format: Literal["jpeg", "jpg", "png"] = "jpeg"
    width: int | None = Field(None, ge=1, le=1920)
    height: int | None = Field(None, ge=1, le=1080)
    resize_strategy: ResizeStrategy = "pad"
    background: Color = "#00000000"
    rotate: Literal[0, 90, 180, 270, 360] = 0

    ffmpeg: FFmpeg = {}

    # Accepted, and without effect: frames are taken where count and offsets say, by whatever decoder fits.
    input_codec: str | None = None
    smart: bool = False
    smart_max_candidates: int = Field(20, ge=2, le=100)
    ffmpeg_stack: str | None = None

    def branch(self, place: Place) -> Branch:
        frames = place.frames
        sized = self.sized(frames)
        own = read_options(self.ffmpeg)
        filters = squared(frames, sized.filters, is_first=place.source is None)
        output = Output(
            path=place.stem.with_name(f"{place.stem.name}-%05d"),
            video=merged(_ENCODERS[self._ext], _quality(own)),
            container=("-f", "image2"),
            stills_at_seconds=self.moments(frames),
        )
        return Branch(
            name=place.step,
            source=place.source,
            output=output,
            output_filters=(*filters, *own.filters, f"format={_PIXELS[self._ext]}"),
            frames=Frames(size=sized.size, duration_seconds=0),
        )

    def file_name(self, basename: str, *, index: int, count: int) -> str:
        return f"{basename}.{self._ext}" if count == 1 else f"{basename}_{index}.{self._ext}"

    def file_meta(self, frames: Frames, *, index: int) -> dict[str, Any]:
        return {"thumb_index": index, "thumb_offset": round(self.moments(frames)[index], 3)}

    def sized(self, frames: Frames) -> Resized:
        """From those frames to the pictures it makes of them."""
        sized = resized(
            turned(frames.size, self.rotate),
            width=self.width,
            height=self.height,
            strategy=self.resize_strategy,
            may_enlarge=True,
            background=self.background,
        )
        return replace(sized, filters=(*turn(self.rotate), *sized.filters))

    def moments(self, frames: Frames) -> tuple[float, ...]:
        """When it takes a picture of those frames, in seconds."""
        if self.offsets:
            return moments(self.offsets, frames.duration_seconds)
        return evenly_spaced(self.count, frames.duration_seconds)

    @property
    def _ext(self) -> Literal["jpg", "png"]:
        return "png" if self.format == "png" else "jpg"


def _quality(own: FFmpegOptions) -> tuple[str, ...]:
    """Of the step's own options for ffmpeg those that mean something to a picture."""
    options = dict(zip(own.video[::2], own.video[1::2], strict=True))
    quality = options.get("-q:v") or options.get("-qscale:v")
    return ("-q:v", quality) if quality else ()
