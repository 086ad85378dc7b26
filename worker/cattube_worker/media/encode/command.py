"""ffmpeg's arguments for a recipe. Pure; understood by ffmpeg 5.1 and by everything newer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cattube_worker.media.encode.branches import Branch, Output
from cattube_worker.media.encode.graph import FIRST_VIDEO, filter_graph, watermarks_of
from cattube_worker.media.geometry import Size
from cattube_worker.media.inspect.probe import input_guards
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.streams.live_preview import live_preview_arguments

MOST_FRAMES_PER_SECOND = 60
_FEW_PROCESSORS = 4
_LIGHT_PIXELS = 1920 * 1088
QUIETLY = ("-nostdin", "-hide_banner", "-v", "error", "-nostats", "-progress", "pipe:1", "-y")
# The place where somebody filmed and the camera's serial number are nobody's business.
WITHOUT_TRACES = ("-map_metadata", "-1", "-map_chapters", "-1")


@dataclass(frozen=True)
class Piped:
    """An input that comes in order through standard input. demuxer: ffmpeg's name of its container."""

    demuxer: str


def ffmpeg_arguments(
    source: Path | Piped,
    branches: Sequence[Branch],
    *,
    limits: Limits,
    has_audio: bool,
    mark_sizes: Sequence[Size] = (),
    start_seconds: float = 0,
    source_size: Size | None = None,
) -> list[str]:
    """Everything after "ffmpeg" that makes all files of `branches` in one run.

    mark_sizes: the natural sizes of the watermarks. start_seconds: where reading begins.
    source_size: of the pictures that are read; None when unknown.
    """
    graph = filter_graph(branches, mark_sizes=mark_sizes, start_seconds=start_seconds)
    arguments = list(QUIETLY)
    threads = _encoder_threads(branches, limits)
    if isinstance(source, Piped):
        arguments += _piped(source, limits)
    else:
        seek = ["-ss", f"{start_seconds:.3f}"] if start_seconds > 0 else []
        decoding = ["-threads", "1"] if threads and _is_light(source_size) else []
        arguments += opened(source, limits, *decoding, *seek)
    for mark in watermarks_of(branches):
        arguments += [*_guarded(limits), "-i", f"file:{mark.path}"]
    if graph.text:
        arguments += [*_filter_threads(limits), "-filter_complex", graph.text]
    for branch in branches:
        pad = graph.pads.get(branch.name, FIRST_VIDEO)
        arguments += _output(branch.output, pad, limits=limits, threads=threads, has_audio=has_audio)
    return arguments


def _filter_threads(limits: Limits) -> list[str]:
    """The encoders keep a few processors busy by themselves: cutting each frame up for more costs 3 %."""
    return ["-filter_complex_threads", "1"] if 0 < limits.processors <= _FEW_PROCESSORS else []


def _encoder_threads(branches: Sequence[Branch], limits: Limits) -> int:
    """Each encoder would take half as many again as there are processors, as if it had them to itself."""
    encoders = sum(
        not each.output.copies_video and each.output.stills_at_seconds is None for each in branches
    )
    return limits.threads or (limits.processors if encoders > limits.processors else 0)


def _is_light(size: Size | None) -> bool:
    """Whether one thread decodes it well ahead of encoders that share the processors already."""
    return size is not None and size.width * size.height <= _LIGHT_PIXELS


def _moving(output: Output, limits: Limits) -> list[str]:
    """How fast and for how long the pictures of a video run."""
    own_rate = "-r" in output.video or output.copies_video
    arguments = [] if own_rate else ["-fpsmax", str(MOST_FRAMES_PER_SECOND)]
    if "mp4" in output.container and not output.copies_video:
        # Frames at even distances: what some cameras and screen recorders make stutters elsewhere.
        arguments += ["-fps_mode", "cfr"]
    if output.starts_at_seconds:
        arguments += ["-ss", f"{output.starts_at_seconds:g}"]
    longest = limits.max_duration_seconds
    return [*arguments, "-t", f"{min(longest, output.lasts_seconds or longest):g}"]


def opened(path: Path, limits: Limits, *before: str) -> list[str]:
    """Arguments that open a file as an input, taken for hostile. before: options for this input."""
    return [*_guarded(limits), *before, "-i", f"file:{path}"]


def _piped(source: Piped, limits: Limits) -> list[str]:
    """Nothing can be opened but what is piped in, and nothing is guessed about it.

    -xerror: what a whole file is forgiven could here be the fault of the pipe.
    """
    guards = input_guards(limits, protocol="pipe", demuxers=[source.demuxer])
    return ["-xerror", *guards, *_bounded(limits), "-f", source.demuxer, "-i", "pipe:0"]


def _guarded(limits: Limits) -> list[str]:
    return [*input_guards(limits), *_bounded(limits)]


def _bounded(limits: Limits) -> list[str]:
    threads = ["-threads", str(limits.threads)] if limits.threads else []
    return ["-max_pixels", str(limits.max_pixels), *threads]


def _output(output: Output, pad: str, *, limits: Limits, threads: int, has_audio: bool) -> list[str]:
    sound = output.audio if has_audio else None
    arguments = ["-map", pad, *output.video]
    if sound is not None:
        arguments += ["-map", "0:a:0", *sound]
    if output.stills_at_seconds is not None:
        # As they come: at a constant rate ffmpeg would repeat one picture to fill the time between two.
        # A sheet is begun and completed: see media/sheets.py.
        pictures = 2 if output.is_sprite_sheet else len(output.stills_at_seconds)
        arguments += ["-fps_mode", "passthrough", "-frames:v", str(pictures)]
    else:
        arguments += _moving(output, limits)
    if threads:
        arguments += ["-threads", str(threads)]
    arguments += WITHOUT_TRACES
    if output.live_preview is not None:
        return [
            *arguments,
            *live_preview_arguments(output.path, output.live_preview, has_audio=sound is not None),
        ]
    return [*arguments, "-fs", str(limits.max_output_bytes), *output.container, f"file:{output.path}"]
