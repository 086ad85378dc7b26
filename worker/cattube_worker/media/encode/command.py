"""One run of ffmpeg and its arguments. Pure; understood by ffmpeg 5.1 and by everything newer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from cattube_worker.media.encode.output import Output
from cattube_worker.media.geometry import Size
from cattube_worker.media.input_guards import input_guards
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.streams.live_preview import live_preview_arguments

MOST_FRAMES_PER_SECOND = 60
_LIGHT_PIXELS = 1920 * 1088
QUIET = ("-nostdin", "-hide_banner", "-v", "error", "-nostats", "-progress", "pipe:1", "-y")


@dataclass(frozen=True)
class FileInput:
    """A client's file, which is taken for hostile. options: for this input; size: of its video, if known."""

    path: Path
    options: tuple[str, ...] = ()
    size: Size | None = None
    starts_at_seconds: float = 0

    @property
    def is_light(self) -> bool:
        """True when one thread decodes it well ahead of encoders that share the processors already."""
        return self.size is not None and self.size.width * self.size.height <= _LIGHT_PIXELS


@dataclass(frozen=True)
class TextInput:
    """A text that the engine wrote itself. demuxer: ffmpeg's name of its form."""

    path: Path
    demuxer: str
    options: ClassVar[tuple[str, ...]] = ()


@dataclass(frozen=True)
class PipeInput:
    """A client's file that comes in order through standard input. demuxer: of its container.

    options: for this input.
    take_stdin: gives the descriptor to read from, which the run closes; called when ffmpeg can start.
    """

    demuxer: str
    take_stdin: Callable[[], int]
    options: tuple[str, ...] = ()


Input = FileInput | TextInput | PipeInput


@dataclass(frozen=True, kw_only=True)
class Command:
    """One ffmpeg process: what it reads and writes. graph: for -filter_complex; "" where there is none.

    filter_threads: for each filter of the graph; 0 leaves it to ffmpeg.
    """

    inputs: Sequence[Input]
    outputs: Sequence[Output]
    graph: str = ""
    filter_threads: int = 0

    @property
    def reads(self) -> list[Path]:
        """The files that ffmpeg has to open."""
        return [source.path for source in self.inputs if not isinstance(source, PipeInput)]

    @property
    def pipe(self) -> PipeInput | None:
        """The input that comes through a pipe, if one does."""
        return next((source for source in self.inputs if isinstance(source, PipeInput)), None)

    def arguments(self, limits: Limits) -> list[str]:
        """Everything after "ffmpeg"."""
        threads = _encoder_threads(self.outputs, limits)
        arguments = list(QUIET)
        for source in self.inputs:
            arguments += _input(source, limits, is_shared=threads > 0)
        if self.graph:
            arguments += ["-filter_complex_threads", str(self.filter_threads)] if self.filter_threads else []
            arguments += ["-filter_complex", self.graph]
        for output in self.outputs:
            arguments += _output(output, limits, threads=threads)
        return arguments


def guarded_input(path: Path, limits: Limits, *options: str) -> list[str]:
    """Arguments that open a client's file. options: for this input."""
    return [*input_guards(limits), *_bounded(limits), *options, "-i", f"file:{path}"]


def _input(source: Input, limits: Limits, *, is_shared: bool) -> list[str]:
    if isinstance(source, TextInput):
        return ["-f", source.demuxer, "-i", f"file:{source.path}"]
    if isinstance(source, PipeInput):
        return _piped(source, limits)
    decoding = ["-threads", "1"] if is_shared and source.is_light else []
    seek = ["-ss", f"{source.starts_at_seconds:.3f}"] if source.starts_at_seconds > 0 else []
    return guarded_input(source.path, limits, *decoding, *seek, *source.options)


def _piped(source: PipeInput, limits: Limits) -> list[str]:
    """Arguments that open the pipe: nothing else can be opened, and nothing is guessed about it.

    -xerror: what a whole file is forgiven could here be the fault of the pipe.
    """
    guards = input_guards(limits, protocol="pipe", demuxers=[source.demuxer])
    return ["-xerror", *guards, *_bounded(limits), *source.options, "-f", source.demuxer, "-i", "pipe:0"]


def _bounded(limits: Limits) -> list[str]:
    threads = ["-threads", str(limits.threads)] if limits.threads else []
    return ["-max_pixels", str(limits.max_pixels), *threads]


def _encoder_threads(outputs: Sequence[Output], limits: Limits) -> int:
    """Threads for each encoder; 0 leaves it to ffmpeg.

    It would take half as many again as there are processors, as if each had them to itself.
    """
    encoders = sum(output.encodes_video for output in outputs)
    return limits.threads or (limits.processors if encoders > limits.processors else 0)


def _output(output: Output, limits: Limits, *, threads: int) -> list[str]:
    arguments = [*_streams(output), *_timing(output, limits)]
    if threads:
        arguments += ["-threads", str(threads)]
    arguments += output.metadata
    if output.live_preview is not None:
        has_audio = output.audio is not None
        return [
            *arguments,
            *live_preview_arguments(output.path, output.live_preview, has_audio=has_audio),
        ]
    size = ["-fs", str(limits.max_output_bytes)] if "bytes" in output.bounds else []
    return [*arguments, *size, *output.container, f"file:{output.path}"]


def _streams(output: Output) -> list[str]:
    """Arguments for the streams that go into an output, each with its encoder."""
    arguments: list[str] = []
    kinds = (
        (output.video_from, output.video, "-vf", output.filters),
        (output.audio_from, output.audio, "-af", output.audio_filters),
        (output.subtitles_from, output.subtitles, "", ()),
    )
    for sources, options, filter_option, filters in kinds:
        if options is None:
            continue
        for source in sources:
            arguments += ["-map", source]
        arguments += options
        arguments += [filter_option, ",".join(filters)] if filters else []
    return arguments


def _timing(output: Output, limits: Limits) -> list[str]:
    """Arguments for the rate and the number of frames, and for the part of the time that is written."""
    if output.stills_at_seconds is not None:
        return _stills(output.stills_at_seconds, is_sprite_sheet=output.is_sprite_sheet)
    arguments: list[str] = []
    if "frame_rate" in output.bounds and not output.copies_video and "-r" not in (output.video or ()):
        arguments += ["-fpsmax", str(MOST_FRAMES_PER_SECOND)]
    if output.has_constant_rate and not output.copies_video:
        # Frames at even distances: what some cameras and screen recorders make stutters elsewhere.
        arguments += ["-fps_mode", "cfr"]
    if output.frame_count is not None:
        arguments += ["-frames:v", str(output.frame_count)]
    if output.starts_at_seconds:
        arguments += ["-ss", _seconds(output.starts_at_seconds)]
    return [*arguments, *_length(output, limits), *(["-shortest"] if output.is_shortest else [])]


def _stills(moments: Sequence[float], *, is_sprite_sheet: bool) -> list[str]:
    """Arguments for stills as they come.

    At a constant rate ffmpeg would repeat one frame to fill the time between two.
    """
    # A sheet is begun and completed: see media/stills/sprite_sheet.py.
    count = 2 if is_sprite_sheet else len(moments)
    return ["-fps_mode", "passthrough", "-frames:v", str(count)]


def _length(output: Output, limits: Limits) -> list[str]:
    lasts, longest = output.lasts_seconds, limits.max_duration_seconds
    if "duration" in output.bounds:
        return ["-t", _seconds(min(lasts or longest, longest))]
    if lasts is not None:
        return ["-t", _seconds(lasts)]
    return [] if output.ends_at_seconds is None else ["-to", _seconds(output.ends_at_seconds)]


def _seconds(seconds: float) -> str:
    """Text for ffmpeg, to the microsecond, which is how far it counts."""
    return f"{seconds:.6f}".rstrip("0").rstrip(".")
