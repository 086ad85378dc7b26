"""/video/encode: a video made anew, in another size, in another format, under a watermark."""

from __future__ import annotations

import random
import re
import uuid
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from cattube_worker.media.encode.branches import Branch, Frames, Output
from cattube_worker.media.encode.ffmpeg_options import FFmpegOptions, merged, read_options
from cattube_worker.media.encode.presets import PRESETS, Preset, preset_named
from cattube_worker.media.encode.stream_copy import (
    COPY_AUDIO,
    COPY_VIDEO,
    Copyable,
    copies_audio,
    copies_video,
)
from cattube_worker.media.encode.watermark import Watermark
from cattube_worker.media.geometry import Resized, ResizeStrategy, Size, cut_out, turn, turned
from cattube_worker.robots.shared.base import MediaRobot, Place
from cattube_worker.robots.shared.encode_parameters import FFmpeg, downmix, has_open_values
from cattube_worker.robots.shared.images import Color, Crop, PictureUrl, resized, squared

Position = Literal[
    "bottom", "bottom-left", "bottom-right", "center", "left", "right", "top", "top-left", "top-right"
]


def _known_preset(name: str) -> str:
    if preset_named(name) is None:
        raise ValueError(f'there is no preset "{name}" here; "web/mp4/720p" is one')
    return name


def _numbered(name: str) -> str:
    plain = re.sub(r"\$\{segment_(prefix|number|id)\}", "", name)
    if name and not ("${segment_number}" in name or "${segment_id}" in name):
        raise ValueError("expected ${segment_number} or ${segment_id} in it: all segments need names")
    if not re.fullmatch(r"[\w .-]*", plain):
        raise ValueError("expected a file name, in which ${segment_prefix} may stand as well")
    return name


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Percentage = Annotated[str, Field(pattern=r"^\d{1,3}(\.\d{1,3})?%$")]


class VideoEncode(MediaRobot):
    """One video for each video; pictures, documents and sound are passed over.

    Source: Transloadit docs, "/video/encode".
    """

    name: ClassVar[str] = "/video/encode"
    own_variables: ClassVar[frozenset[str]] = MediaRobot.own_variables | {"segment_name"}

    preset: Annotated[str, AfterValidator(_known_preset)] = "empty"
    width: int | None = Field(None, ge=1, le=7680)
    height: int | None = Field(None, ge=1, le=7680)
    resize_strategy: ResizeStrategy = "pad"
    zoom: bool = True
    crop: Crop | None = None
    background: Color = "#00000000"
    rotate: Literal[0, 90, 180, 270, 360, False] | None = None
    watermark_url: Literal[""] | PictureUrl = ""
    watermark_position: Annotated[tuple[Position, ...], BeforeValidator(_several), Field(min_length=1)] = (
        "center",
    )
    watermark_x_offset: int = Field(0, ge=-10_000, le=10_000)
    watermark_y_offset: int = Field(0, ge=-10_000, le=10_000)
    watermark_size: Percentage | None = None
    watermark_resize_strategy: Literal["area", "fit", "stretch"] = "fit"
    watermark_start_time: float = Field(0, ge=0)
    watermark_duration: float = Field(-1, ge=-1)
    watermark_opacity: float = Field(1, ge=0, le=1)
    segment: bool = False
    segment_duration: int = Field(10, ge=1, le=3600)
    segment_prefix: str = Field("", max_length=100)
    segment_name: Annotated[str, AfterValidator(_numbered)] = Field("", max_length=200)
    segment_time_delta: float | None = Field(None, ge=-60, le=60)
    hint: bool = False
    ffmpeg: FFmpeg = {}

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
    ffmpeg_stack: str | None = None

    @field_validator("rotate", mode="before")
    @classmethod
    def _as_degrees(cls, value: Any) -> Any:
        if isinstance(value, str):
            return False if value == "false" else int(value) if value.isdigit() else value
        return value

    @field_validator("ffmpeg")
    @classmethod
    def _with_pictures(cls, options: dict[str, Any]) -> dict[str, Any]:
        if not has_open_values(options) and read_options(options).without_video:
            raise ValueError('"vn" leaves no video: use /audio/encode')
        return options

    @model_validator(mode="after")
    def _even_size_within_limits(self) -> Self:
        if (self.width or 0) * (self.height or 0) > 7680 * 4320:
            raise ValueError("width and height together are more than 8k")
        return self

    @property
    def gives_frames(self) -> bool:
        """Whether another step may take this one's frames in place of its file."""
        return not self.ffmpeg and not self.segment

    def branch(self, place: Place) -> Branch:
        own = read_options(self.ffmpeg)
        preset = self._preset(own)
        filters, size = self._picture(place, preset)
        given = place.frames
        output = self._output(place, preset, own)
        if not self.ffmpeg and not self.segment:
            output = self._with_stream_copy(output, given, is_as_given=not self._changes(place, size))
        return Branch(
            name=place.step,
            source=place.source,
            output=output,
            filters=(*filters, f"format={preset.pixel_format}"),
            watermark=self._watermark(place),
            output_filters=own.filters,
            frames=Frames(
                size=size,
                duration_seconds=given.duration_seconds,
                has_audio=given.has_audio and output.audio is not None,
                audio_channels=given.audio_channels,
                copyable=Copyable(audio_bitrate=given.copyable.audio_bitrate),
            ),
        )

    def file_name(self, basename: str, *, index: int, count: int) -> str:
        if self.segment:
            return self._segment_name(self.segment_prefix or basename + "_", index)
        own = read_options(self.ffmpeg)
        return f"{basename}.{own.ext or self._preset(own).ext}"

    def file_meta(self, frames: Frames, *, index: int) -> dict[str, Any]:
        if not self.segment:
            return {}
        start = index * self.segment_duration
        end = min(start + self.segment_duration, frames.duration_seconds)
        return {"segment_index": index, "starts_at": start, "ends_at": round(end, 3)}

    def _segment_name(self, prefix: str, index: int) -> str:
        name = self.segment_name or "${segment_prefix}${segment_number}"
        values = {"prefix": prefix, "number": str(index), "id": uuid.uuid4().hex}
        for key, value in values.items():
            name = name.replace(f"${{segment_{key}}}", value)
        return name if name.endswith(".ts") else f"{name}.ts"

    def _preset(self, own: FFmpegOptions) -> Preset:
        """The preset with the step's own pixel format, if it has one."""
        preset = (preset_named(self.preset) if own.takes_preset else None) or PRESETS["empty"]
        pixels = dict(zip(own.video[::2], own.video[1::2], strict=True)).get("-pix_fmt")
        return replace(preset, pixel_format=pixels) if pixels else preset

    def _output(self, place: Place, preset: Preset, own: FFmpegOptions) -> Output:
        output = Output(
            path=place.stem,
            video=merged(preset.video, own.video, dropped=own.dropped),
            audio=self._sound(preset, own, place.frames),
            container=self._container(preset, own),
            starts_at_seconds=own.starts_at_seconds,
            lasts_seconds=own.part_of(place.frames.duration_seconds) if own.cuts else None,
            expected_seconds=_expected(place.frames, own),
        )
        return self._in_pieces(output) if self.segment else output

    def _changes(self, place: Place, size: Size) -> bool:
        """Whether anything is done to the frames."""
        frames = place.frames
        is_own = place.source is None and place.watermark is None
        return not is_own or size != frames.size or bool(self.crop or self.rotate)

    def _with_stream_copy(self, output: Output, given: Frames, *, is_as_given: bool) -> Output:
        """`output` with what need not be encoded."""
        makes_alike = output.video[:2] == ("-c:v", "libx264") and "-force_key_frames" not in output.video
        if is_as_given and makes_alike and copies_video(given.copyable, output.video, given.size):
            output = replace(output, video=COPY_VIDEO)
        if output.audio and "mp4" in output.container and copies_audio(given.copyable, output.audio):
            output = replace(output, audio=COPY_AUDIO)
        return output

    def _sound(self, preset: Preset, own: FFmpegOptions, frames: Frames) -> tuple[str, ...] | None:
        if own.without_audio or (preset.audio is None and not own.audio):
            return None
        filters = ("-af", ",".join(own.sound_filters)) if own.sound_filters else ()
        wanted = (*(preset.audio or ()), *downmix(frames.audio_channels))
        return (*merged(wanted, own.audio, dropped=own.dropped), *filters)

    def _container(self, preset: Preset, own: FFmpegOptions) -> tuple[str, ...]:
        container = merged(preset.container if own.ext in {None, preset.ext} else (), own.container)
        if self.hint and "mp4" in container:
            flags = dict(zip(container[::2], container[1::2], strict=True)).get("-movflags", "")
            container = merged(container, ("-movflags", f"{flags}+rtphint"))
        return (*container, "-shortest") if own.is_shortest else container

    def _in_pieces(self, output: Output) -> Output:
        """Cut at key frames of our making, in the container that players of HLS know."""
        every = self.segment_duration
        key_frames = ("-force_key_frames", f"expr:gte(t,n_forced*{every})")
        delta = self.segment_time_delta
        fine = () if delta is None else ("-segment_time_delta", f"{delta:g}")
        return replace(
            output,
            path=output.path.with_name(f"{output.path.name}-%05d"),
            video=merged(output.video, key_frames),
            container=("-f", "segment", "-segment_time", str(every), *fine, "-segment_format", "mpegts"),
            is_in_pieces=True,
        )

    def _picture(self, place: Place, preset: Preset) -> tuple[tuple[str, ...], Size]:
        """Filters from the frames as given to the frames as encoded, and their size."""
        frames = place.frames
        # ffmpeg has turned the frames upright by the file's own word; "never" turns them back.
        degrees = -frames.rotation % 360 if self.rotate is False else (self.rotate or 0) % 360
        size = turned(frames.size, degrees)
        step = self._sized(size, preset)
        is_first = place.source is None
        if not degrees:
            return squared(frames, step.filters, is_first=is_first), step.size
        return squared(frames, (*turn(degrees), *step.filters), is_first=is_first), step.size

    def _sized(self, size: Size, preset: Preset) -> Resized:
        if self.crop is not None:
            return cut_out(size, self.crop.area())
        own = self.width is not None or self.height is not None
        return resized(
            size,
            width=self.width if own else preset.width,
            height=self.height if own else preset.height,
            strategy=self.resize_strategy,
            may_enlarge=self.zoom,
            background=self.background,
        )

    def _watermark(self, place: Place) -> Watermark | None:
        if place.watermark is None:
            return None
        return Watermark(
            path=place.watermark,
            position=random.choice(self.watermark_position),  # noqa: S311 - a list means "one at random"
            x_offset=self.watermark_x_offset,
            y_offset=self.watermark_y_offset,
            size_percent=float(self.watermark_size.removesuffix("%")) if self.watermark_size else None,
            strategy=self.watermark_resize_strategy,
            start_seconds=self.watermark_start_time,
            duration_seconds=None if self.watermark_duration < 0 else self.watermark_duration,
            opacity=self.watermark_opacity,
        )


def _expected(frames: Frames, own: FFmpegOptions) -> float | None:
    """How long the file must be; None where it is as long as what it was made from."""
    seconds = own.at_least(frames.duration_seconds)
    return None if seconds == frames.duration_seconds else seconds
