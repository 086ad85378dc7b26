"""Parameters of all robots that encode video, the output they come to, and the encoding of one file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field

from cattube_worker.media.encode.command import Command, FileInput
from cattube_worker.media.encode.filters.normalization import normalization_with
from cattube_worker.media.encode.length import check_length
from cattube_worker.media.encode.output import Output, Words, option
from cattube_worker.media.encode.presets import AUDIO_PRESETS, PRESETS, Preset, preset_named
from cattube_worker.media.encode.render import render
from cattube_worker.media.encode.step_options.ffmpeg_options import FFmpegOptions, merged
from cattube_worker.media.encode.step_options.options_reader import read_options
from cattube_worker.media.geometry import Size, keep_shape
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.input_files import InputFile

_TOLERANCE_SECONDS = 1.0


def has_open_values(value: Any) -> bool:
    """True when a `${...}` waits in there: it is checked when it is known."""
    if isinstance(value, Mapping):
        return any(has_open_values(inner) for inner in value.values())
    return isinstance(value, str) and "${" in value


def check_options(options: dict[str, Any]) -> dict[str, Any]:
    """The "ffmpeg" object of a step. Raises ValueError for what is not allowed."""
    if not has_open_values(options):
        read_options(options)
    return options


def _known_preset(presets: Mapping[str, Preset], example: str) -> Callable[[str], str]:
    def check(name: str) -> str:
        if preset_named(name, presets) is None:
            raise ValueError(f'there is no preset "{name}" here; "{example}" is one')
        return name

    return check


FFmpeg = Annotated[dict[str, Any], AfterValidator(check_options)]
PresetName = Annotated[str, AfterValidator(_known_preset(PRESETS, "web/mp4/720p"))]
AudioPresetName = Annotated[str, AfterValidator(_known_preset(AUDIO_PRESETS, "mp3"))]


class EncodeParameters(BaseModel):
    """The parameters that say what a video is encoded to."""

    preset: PresetName | None = None
    width: int | None = Field(None, ge=1, le=7680)
    height: int | None = Field(None, ge=1, le=4320)
    ffmpeg: FFmpeg = {}

    # Accepted, and without effect: there is one ffmpeg here.
    ffmpeg_stack: str | None = None

    @property
    def encoder_options(self) -> Mapping[str, Any]:
        """Options in the "ffmpeg" object that are about the encoding."""
        return self.ffmpeg

    @property
    def options(self) -> FFmpegOptions:
        """`encoder_options`, read and checked."""
        return read_options(self.encoder_options)

    @property
    def encodes(self) -> bool:
        """True when any of these parameters was given, so that nothing can stay as it is."""
        has_preset = (self.preset or "empty") != "empty"
        return bool(has_preset or self.width or self.height or self.encoder_options)

    @property
    def ext(self) -> str:
        """The ending of the files made."""
        return self.options.ext or self._preset.ext

    def output(self, path: Path, *, seconds: float = 0, audio_channels: int = 0) -> Output:
        """The output that the parameters come to, at `path`.

        seconds: how long it is if no part of it is asked for; 0 when unknown.
        audio_channels: of a source that is not mixed down already.
        """
        preset, options = self._preset, self.options
        container = preset.container if options.ext in {None, preset.ext} else ()
        return Output(
            path=path,
            ext=self.ext,
            video=merged(preset.video or (), options.video, dropped=options.dropped),
            audio=_audio(preset, options, audio_channels),
            container=merged(container, options.container),
            width=self.width or (None if self.height else preset.width),
            height=self.height or (None if self.width else preset.height),
            pixel_format=option(options.video, "-pix_fmt") or preset.pixel_format,
            filters=options.filters,
            audio_filters=options.audio_filters,
            starts_at_seconds=options.starts_at_seconds,
            lasts_seconds=options.part_of(seconds),
            is_shortest=options.is_shortest,
            expected_seconds=options.at_least(seconds),
        )

    @property
    def _preset(self) -> Preset:
        preset = preset_named(self.preset or "empty") if self.options.takes_preset else None
        return preset or PRESETS["empty"]


def _audio(preset: Preset, options: FFmpegOptions, channels: int) -> Words | None:
    if options.without_audio or (preset.audio is None and not options.audio):
        return None
    return merged((*(preset.audio or ()), *_downmix(channels)), options.audio, dropped=options.dropped)


def _downmix(channels: int) -> Words:
    """Options that make stereo of surround sound: browsers and phones differ in what else they play."""
    return ("-ac", "2") if channels > 2 else ()


def encode_file(parameters: EncodeParameters, file: InputFile, path: Path, workspace: Workspace) -> InputFile:
    """`file` as the parameters want it, at `path`. Raises AssemblyError, Stopped."""
    seconds = file.duration_seconds
    output = parameters.output(path, seconds=seconds, audio_channels=file.audio_channels)
    if file.video is None:
        audio = _downmix(file.audio_channels) if output.audio is None else output.audio
        output = replace(output, video=None, audio=audio if file.has_audio else None)
        filters: Words = ()
    else:
        shown = Size(file.video.width, file.video.height)
        normalization = normalization_with(file.video, workspace.tools)
        sized = normalization.around(keep_shape(output.sized(shown).filters, shown))
        filters = (*sized, *output.last_filters())
        output = replace(output, audio=output.audio if file.has_audio else None)
    output = output.from_source(file.source, filters=filters)
    render(
        Command(inputs=[FileInput(file.path, file.source.options)], outputs=[output]),
        name=file.name,
        duration_seconds=output.lasts_seconds or 0,
        workspace=workspace,
    )
    return read_back(file, path, workspace)


def read_back_whole(file: InputFile, output: Output, workspace: Workspace) -> InputFile:
    """The file made of `file` and others beside it, which must be as long as it was to be.

    Raises InvalidInput.
    """
    result = read_back(file, output.path, workspace)
    check_length(
        result.duration_seconds,
        expected_seconds=output.expected_seconds,
        tolerance_seconds=_TOLERANCE_SECONDS,
        name=file.name,
        of_several=True,
    )
    return result


def read_back(file: InputFile, path: Path, workspace: Workspace) -> InputFile:
    """`file` with the bytes at `path` and what they are."""
    facts = workspace.describe(path, name=path.name)
    return InputFile.of(path, facts, name=file.name, basename=file.basename, role=file.role)
