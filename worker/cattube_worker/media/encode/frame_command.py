"""The command of branches that share one ffmpeg process: each frame of their source is decoded once. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cattube_worker.media.encode.command import Command, FileInput, PipeInput
from cattube_worker.media.encode.filters.branches import Branch
from cattube_worker.media.encode.filters.graph import filter_graph, watermarks_of
from cattube_worker.media.encode.output import Output
from cattube_worker.media.encode.source import FIRST_STREAMS, Source
from cattube_worker.media.geometry import Size
from cattube_worker.media.process.limits import Limits

_FEW_PROCESSORS = 4


def frame_command(
    origin: FileInput | PipeInput,
    branches: Sequence[Branch],
    *,
    limits: Limits,
    has_audio: bool,
    source: Source = FIRST_STREAMS,
    mark_sizes: Sequence[Size] = (),
) -> Command:
    """The command that makes all files of `branches` in one run.

    source: streams of the origin. mark_sizes: the natural sizes of the watermarks.
    """
    start_seconds = origin.starts_at_seconds if isinstance(origin, FileInput) else 0
    graph = filter_graph(branches, source=source, mark_sizes=mark_sizes, start_seconds=start_seconds)
    return Command(
        inputs=[
            replace(origin, options=(*origin.options, *source.options)),
            *[FileInput(mark.path) for mark in watermarks_of(branches)],
        ],
        outputs=[
            _output(branch.output, graph.pads.get(branch.name), source, has_audio=has_audio)
            for branch in branches
        ],
        graph=graph.text,
        # The encoders keep a few processors busy by themselves: cutting each frame up for more costs 3 %.
        filter_threads=1 if 0 < limits.processors <= _FEW_PROCESSORS else 0,
    )


def _output(output: Output, pad: str | None, source: Source, *, has_audio: bool) -> Output:
    """The output of what the graph gives. pad: None where the file's own video is copied."""
    if not has_audio:
        output = replace(output, audio=None)
    audio_filters = () if output.copies_audio else (*source.audio_filters, *output.audio_filters)
    output = replace(
        output,
        video_from=(f"0:{source.video}",),
        audio_from=(f"0:{source.audio}",),
        audio_filters=audio_filters if output.audio is not None else output.audio_filters,
    )
    return replace(output, video_from=(pad,), filters=()) if pad else output
