"""/video/encode: a video encoded anew, in another size, in another format, under a watermark."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from cattube_worker.media.colors import opaque_color
from cattube_worker.media.encode.filters.branches import Branch, Frames
from cattube_worker.media.encode.filters.watermark import Watermark
from cattube_worker.media.encode.output import COPY_AUDIO, Output, copy_video, option
from cattube_worker.media.encode.step_options.ffmpeg_options import merged
from cattube_worker.media.encode.step_options.options_reader import read_options
from cattube_worker.media.encode.stream_copy import Copyable, can_copy_audio, can_copy_video
from cattube_worker.media.geometry import Resized, ResizeStrategy, Size, cut_out, resize, turn, turned
from cattube_worker.robots.shared.audio_encoding import is_for_audio
from cattube_worker.robots.shared.base import Robot
from cattube_worker.robots.shared.encode_parameters import EncodeParameters, PresetName, has_open_values
from cattube_worker.robots.shared.frame_robot import BranchRequest, FrameRobot, square_pixels
from cattube_worker.robots.shared.images import Crop, ImageUrl
from cattube_worker.robots.shared.input_files import WATERMARK_ROLE
from cattube_worker.robots.shared.values import HexColor, Percentage, Positions
from cattube_worker.robots.video_encode.audio_only import AudioOnlyEncode
from cattube_worker.robots.video_encode.segments import SegmentParameters


class VideoEncode(FrameRobot, EncodeParameters, SegmentParameters):
    """One video for each video; images, documents and sound are passed over.

    Source: Transloadit docs, "/video/encode".
    """

    name: ClassVar[str] = "/video/encode"
    own_variables: ClassVar[frozenset[str]] = FrameRobot.own_variables | {"segment_name"}
    takes_watermark: ClassVar[bool] = True
    is_watchable: ClassVar[bool] = True

    preset: PresetName = "empty"
    height: int | None = Field(None, ge=1, le=7680)
    resize_strategy: ResizeStrategy = "pad"
    zoom: bool = True
    crop: Crop | None = None
    background: HexColor = "#00000000"
    rotate: Literal[0, 90, 180, 270, 360, False] | None = None
    watermark_url: Literal[""] | ImageUrl = ""
    watermark_position: Positions = ("center",)
    watermark_x_offset: int = Field(0, ge=-10_000, le=10_000)
    watermark_y_offset: int = Field(0, ge=-10_000, le=10_000)
    watermark_size: Percentage | None = None
    watermark_resize_strategy: Literal["area", "fit", "stretch"] = "fit"
    watermark_start_time: float = Field(0, ge=0)
    watermark_duration: float = Field(-1, ge=-1)
    watermark_opacity: float = Field(1, ge=0, le=1)
    hint: bool = False

    # Accepted, and without effect on what is made: this engine encodes a video in one go with its own ffmpeg,
    # and what the service means by the last four is not documented.
    turbo: bool = False
    chunk_duration: int | None = Field(None, ge=1)
    chunked_transcoding: bool = False
    realtime: bool = False
    freeze_detect: bool = False
    font_size: int | None = None
    font_color: str | None = None
    text_background_color: str | None = None

    @field_validator("rotate", mode="before")
    @classmethod
    def _as_degrees(cls, value: Any) -> Any:
        if isinstance(value, str):
            return False if value == "false" else int(value) if value.isdigit() else value
        return value

    @field_validator("ffmpeg")
    @classmethod
    def _with_video(cls, options: dict[str, Any]) -> dict[str, Any]:
        if not has_open_values(options) and read_options(options).without_video:
            raise ValueError('"vn" leaves no video: use /audio/encode')
        return options

    @model_validator(mode="after")
    def _even_size_within_limits(self) -> Self:
        if (self.width or 0) * (self.height or 0) > 7680 * 4320:
            raise ValueError(f"{self.width} x {self.height} pixels are more than the 7680 x 4320 allowed")
        return self

    @classmethod
    def for_parameters(cls, parameters: Mapping[str, Any]) -> type[Robot]:
        return AudioOnlyEncode if is_for_audio(parameters.get("preset")) else cls

    @property
    def gives_frames(self) -> bool:
        return not self.ffmpeg and not self.segment

    @property
    def is_repeatable(self) -> bool:
        return len(set(self.watermark_position)) < 2  # else one of them at random

    @property
    def image_urls(self) -> Mapping[str, str]:
        return {WATERMARK_ROLE: self.watermark_url} if self.watermark_url else {}

    def branch(self, request: BranchRequest) -> Branch:
        frames = request.frames
        output = self._output(request)
        filters, size = self._frame_filters(request, output)
        if self.gives_frames:
            output = _with_stream_copy(output, frames, is_unchanged=not self._changes(request, size))
        return Branch(
            name=request.step,
            source=request.source,
            output=output,
            filters=(*filters, f"format={output.pixel_format}"),
            watermark=self._watermark(request),
            frames=Frames(
                size=size,
                duration_seconds=frames.duration_seconds,
                has_audio=frames.has_audio and output.audio is not None,
                audio_channels=frames.audio_channels,
                colors=frames.colors,
                copyable=Copyable(audio_bitrate=frames.copyable.audio_bitrate),
            ),
        )

    def file_name(self, basename: str, *, index: int, count: int) -> str:
        return self.segment_file_name(basename, index) if self.segment else f"{basename}.{self.ext}"

    def file_meta(self, frames: Frames, *, index: int, path: Path) -> dict[str, Any]:
        return self.segment_meta(frames.duration_seconds, index) if self.segment else {}

    def smaller(self, branch: Branch, size: Size) -> Self | None:
        is_scalable = self.resize_strategy == "fit" or self.zoom
        is_counted_in_pixels = self.crop or (self.watermark_url and self.watermark_size is None)
        has_choice = len(self.watermark_position) > 1
        if self.ffmpeg or self.segment or has_choice or is_counted_in_pixels or not is_scalable:
            return None
        share = size.width / branch.frames.size.width
        return self.model_copy(
            update={
                "width": size.width,
                "height": size.height,
                "watermark_x_offset": round(self.watermark_x_offset * share),
                "watermark_y_offset": round(self.watermark_y_offset * share),
            }
        )

    def _output(self, request: BranchRequest) -> Output:
        frames = request.frames
        output = self.output(
            request.stem, seconds=frames.duration_seconds, audio_channels=frames.audio_channels
        )
        if self.hint and "mp4" in output.container:
            flags = option(output.container, "-movflags") or ""
            output = replace(output, container=merged(output.container, ("-movflags", f"{flags}+rtphint")))
        output = replace(
            output,
            # Without a part asked for, the video ends when its frames do.
            lasts_seconds=output.lasts_seconds if self.options.cuts else None,
            has_constant_rate="mp4" in output.container,
        )
        return self.segmented(output) if self.segment else output

    def _changes(self, request: BranchRequest, size: Size) -> bool:
        """True when anything is done to the frames."""
        is_own = request.is_of_file and request.watermark is None
        return not is_own or size != request.frames.size or bool(self.crop or self.rotate)

    def _frame_filters(self, request: BranchRequest, output: Output) -> tuple[tuple[str, ...], Size]:
        """Filters from the frames as given to the frames as encoded, and their size."""
        # The frames have been turned upright by the file's own word; "never" turns them back.
        degrees = -request.frames.rotation % 360 if self.rotate is False else (self.rotate or 0) % 360
        resized = self._resized(turned(request.frames.size, degrees), output)
        filters = (*turn(degrees), *resized.filters) if degrees else resized.filters
        return square_pixels(request, filters), resized.size

    def _resized(self, size: Size, output: Output) -> Resized:
        if self.crop is not None:
            return cut_out(size, self.crop.area())
        return resize(
            size,
            width=output.width,
            height=output.height,
            strategy=self.resize_strategy,
            may_enlarge=self.zoom,
            background=opaque_color(self.background),
        )

    def _watermark(self, request: BranchRequest) -> Watermark | None:
        if request.watermark is None:
            return None
        return Watermark(
            path=request.watermark,
            position=random.choice(self.watermark_position),  # noqa: S311 - a list means "one at random"
            x_offset=self.watermark_x_offset,
            y_offset=self.watermark_y_offset,
            size_percent=float(self.watermark_size.removesuffix("%")) if self.watermark_size else None,
            strategy=self.watermark_resize_strategy,
            start_seconds=self.watermark_start_time,
            duration_seconds=None if self.watermark_duration < 0 else self.watermark_duration,
            opacity=self.watermark_opacity,
        )


def _with_stream_copy(output: Output, frames: Frames, *, is_unchanged: bool) -> Output:
    """`output` with copies of what need not be encoded. frames: the source's own."""
    video, audio, source = output.video or (), output.audio, frames.copyable
    makes_alike = video[:2] == ("-c:v", "libx264") and "-force_key_frames" not in video
    if is_unchanged and makes_alike and can_copy_video(source, video, frames.size):
        output = replace(output, video=copy_video(source.colors))
    if audio and "mp4" in output.container and can_copy_audio(source, audio):
        output = replace(output, audio=COPY_AUDIO)
    return output
