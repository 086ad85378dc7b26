"""The graph that puts several videos after each other. Pure.

All inputs are brought to one size, frame rate and kind of audio first; one without audio is silent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from cattube_worker.media.color_tags import HD
from cattube_worker.media.encode.filters.color_filters import declare, in_matrix_of
from cattube_worker.media.encode.filters.normalization import Normalization
from cattube_worker.media.encode.output import Output
from cattube_worker.media.encode.source import FIRST_STREAMS, Source
from cattube_worker.media.geometry import ResizeStrategy, Size, keep_shape

Transition = Literal["none", "crossfade", "fade_to_black"]

_SAMPLE_RATE = 48_000


@dataclass(frozen=True, kw_only=True)
class ConcatInput:
    """One video. size: as shown. title: of its chapter. source: its streams; normalization: of its frames."""

    size: Size
    duration_seconds: float
    has_audio: bool
    title: str = ""
    source: Source = FIRST_STREAMS
    normalization: Normalization = field(default_factory=Normalization)


@dataclass(frozen=True, kw_only=True)
class Concat:
    """The way in which videos follow each other. Fades stand between them, never at the ends."""

    transition: Transition = "none"
    transition_seconds: float = 1
    video_fade_seconds: float = 0
    audio_fade_seconds: float = 0
    frames_per_second: float = 30

    def overlap_seconds(self, before: ConcatInput, after: ConcatInput) -> float:
        """The seconds in which both are seen at once: at most half of the shorter one."""
        if self.transition != "crossfade":
            return 0
        return min(self.transition_seconds, before.duration_seconds / 2, after.duration_seconds / 2)

    def starts(self, inputs: Sequence[ConcatInput]) -> list[float]:
        """The second at which each input begins in the whole."""
        starts = [0.0]
        for before, after in pairwise(inputs):
            starts.append(starts[-1] + before.duration_seconds - self.overlap_seconds(before, after))
        return starts

    def duration_seconds(self, inputs: Sequence[ConcatInput]) -> float:
        """The length of the whole."""
        return self.starts(inputs)[-1] + inputs[-1].duration_seconds


def concat_graph(
    inputs: Sequence[ConcatInput],
    concat: Concat,
    output: Output,
    *,
    strategy: ResizeStrategy = "pad",
    background: str = "black",
) -> str:
    """The graph from inputs 0, 1, … to the pads [picture] and [sound]."""
    chains = []
    for index, source in enumerate(inputs):
        sized = output.sized(source.size, strategy=strategy, background=background)
        plain = source.normalization.around(keep_shape(sized.filters, source.size))
        steady = (
            in_matrix_of(HD),
            f"fps={concat.frames_per_second:g}",
            "settb=AVTB",
            "format=yuv420p",
            "setpts=PTS-STARTPTS",
        )
        fades = _fades("fade", concat, inputs, index)
        chains.append(source.source.video_chain(index, (*plain, *steady, *fades)) + f"[v{index}]")
        audio = (_audio(source, index), *_fades("afade", concat, inputs, index))
        chains.append(",".join(audio) + f"[a{index}]")
    joined = _crossfaded(inputs, concat) if concat.transition == "crossfade" else _concatenated(inputs)
    ends = (*output.last_filters(), declare(HD))
    audio_ends = output.audio_filters or ("anull",)
    return ";".join(
        [*chains, *joined, f"[joinedv]{','.join(ends)}[picture]", f"[joineda]{','.join(audio_ends)}[sound]"]
    )


def chapters(inputs: Sequence[ConcatInput], concat: Concat) -> str:
    """ffmpeg's text form of a chapter for each source."""
    starts = concat.starts(inputs)
    ends = [*starts[1:], concat.duration_seconds(inputs)]
    lines = [";FFMETADATA1"]
    for source, start, end in zip(inputs, starts, ends, strict=True):
        lines += ["[CHAPTER]", "TIMEBASE=1/1000", f"START={round(start * 1000)}", f"END={round(end * 1000)}"]
        lines.append("title=" + _escaped(source.title))
    return "\n".join(lines) + "\n"


def _escaped(title: str) -> str:
    visible = "".join(character for character in title if character.isprintable())
    return "".join("\\" + character if character in "=;#\\" else character for character in visible)


def _audio(source: ConcatInput, index: int) -> str:
    """Audio of an input, exactly as long as its video, so that it does not push the audio of the next."""
    kind = f"aformat=sample_fmts=fltp:sample_rates={_SAMPLE_RATE}:channel_layouts=stereo"
    length = f"atrim=duration={source.duration_seconds:.3f}"
    if source.has_audio:
        whole = (f"aresample={_SAMPLE_RATE}:async=1", kind, "apad", length, "asetpts=PTS-STARTPTS")
        return source.source.audio_chain(index, whole)
    return f"anullsrc=r={_SAMPLE_RATE}:cl=stereo,{kind},{length}"


def _fades(name: str, concat: Concat, inputs: Sequence[ConcatInput], index: int) -> list[str]:
    if concat.transition == "crossfade":
        return []
    fade_seconds = concat.video_fade_seconds if name == "fade" else concat.audio_fade_seconds
    if concat.transition == "fade_to_black":
        fade_seconds = concat.transition_seconds
    length = inputs[index].duration_seconds
    seconds = min(fade_seconds, length / 2)
    if seconds <= 0:
        return []
    fades = [f"{name}=t=in:st=0:d={seconds:.3f}"] if index > 0 else []
    if index < len(inputs) - 1:
        fades.append(f"{name}=t=out:st={length - seconds:.3f}:d={seconds:.3f}")
    return fades


def _concatenated(inputs: Sequence[ConcatInput]) -> list[str]:
    pads = "".join(f"[v{index}][a{index}]" for index in range(len(inputs)))
    return [f"{pads}concat=n={len(inputs)}:v=1:a=1[joinedv][joineda]"]


def _crossfaded(inputs: Sequence[ConcatInput], concat: Concat) -> list[str]:
    if len(inputs) == 1:
        return _concatenated(inputs)
    chains, starts = [], concat.starts(inputs)
    video, audio = "[v0]", "[a0]"
    for index in range(1, len(inputs)):
        overlap = concat.overlap_seconds(inputs[index - 1], inputs[index])
        is_last = index == len(inputs) - 1
        to_video, to_audio = ("[joinedv]", "[joineda]") if is_last else (f"[xv{index}]", f"[xa{index}]")
        chains.append(
            f"{video}[v{index}]xfade=transition=fade:duration={overlap:.3f}:"
            f"offset={starts[index]:.3f}{to_video}"
        )
        chains.append(f"{audio}[a{index}]acrossfade=d={overlap:.3f}{to_audio}")
        video, audio = to_video, to_audio
    return chains
