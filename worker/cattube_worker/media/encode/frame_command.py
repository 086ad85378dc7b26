"""The command of branches that share one ffmpeg process: each frame of their source is decoded once. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cattube_worker.media.encode.branches import Branch
from cattube_worker.media.encode.command import Command, FileInput, PipeInput
from cattube_worker.media.encode.graph import filter_graph, watermarks_of
from cattube_worker.media.encode.output import Output
from cattube_worker.media.geometry import Size
from cattube_worker.media.process.limits import Limits

_FEW_PROCESSORS = 4


def frame_command(
    source: FileInput | PipeInput,
    branches: Sequence[Branch],
    *,
    limits: Limits,
    has_audio: bool,
    mark_sizes: Sequence[Size] = (),
) -> Command:
    """The command that makes all files of `branches` in one run.

    mark_sizes: the natural sizes of the watermarks.
    """
    start_seconds = source.starts_at_seconds if isinstance(source, FileInput) else 0
    graph = filter_graph(branches, mark_sizes=mark_sizes, start_seconds=start_seconds)
    return Command(
        inputs=[source, *[FileInput(mark.path) for mark in watermarks_of(branches)]],
        outputs=[
            _output(branch.output, graph.pads.get(branch.name), has_audio=has_audio) for branch in branches
        ],
        graph=graph.text,
        # The encoders keep a few processors busy by themselves: cutting each frame up for more costs 3 %.
        filter_threads=1 if 0 < limits.processors <= _FEW_PROCESSORS else 0,
    )


def _output(output: Output, pad: str | None, *, has_audio: bool) -> Output:
    """The output of what the graph gives. pad: None where the file's own video is copied."""
    output = output if has_audio else replace(output, audio=None)
    return replace(output, video_from=(pad,), filters=()) if pad else output
