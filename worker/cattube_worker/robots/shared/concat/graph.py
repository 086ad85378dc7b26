"""Several videos after each other, or above each other, as one: the graph that does it. Pure.

All parts are brought to one size, rate and kind of sound first; a part without sound is silent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from cattube_worker.media.encode.output import Target
from cattube_worker.media.geometry import ResizeStrategy, Size

Transition = Literal["none", "crossfade", "fade_to_black"]

_SAMPLE_RATE = 48_000


@dataclass(frozen=True, kw_only=True)
class Part:
    """One input of the join, by its number. size: as shown."""

    size: Size
    duration_seconds: float
    has_audio: bool
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Joining:
    """How the parts follow each other. Fades stand between parts, never at the ends."""

    transition: Transition = "none"
    transition_seconds: float = 1
    video_fade_seconds: float = 0
    audio_fade_seconds: float = 0
    frames_per_second: float = 30

    def overlap_seconds(self, before: Part, after: Part) -> float:
        """How long both are seen at once: at most half of the shorter one."""
        if self.transition != "crossfade":
            return 0
        return min(self.transition_seconds, before.duration_seconds / 2, after.duration_seconds / 2)

    def starts(self, parts: Sequence[Part]) -> list[float]:
        """When each part begins in the whole."""
        starts = [0.0]
        for before, after in pairwise(parts):
            starts.append(starts[-1] + before.duration_seconds - self.overlap_seconds(before, after))
        return starts

    def duration_seconds(self, parts: Sequence[Part]) -> float:
        """How long the whole is."""
        return self.starts(parts)[-1] + parts[-1].duration_seconds


def join_graph(
    parts: Sequence[Part],
    joining: Joining,
    target: Target,
    *,
    strategy: ResizeStrategy = "pad",
    background: str = "black",
) -> str:
    """The graph from inputs 0, 1, … to the pads [picture] and [sound]."""
    chains = []
    for index, part in enumerate(parts):
        sized = target.sized(part.size, strategy=strategy, background=background)
        steady = (f"fps={joining.frames_per_second:g}", "settb=AVTB", "format=yuv420p", "setpts=PTS-STARTPTS")
        fades = _fades("fade", joining, parts, index)
        chains.append(f"[{index}:V:0]" + ",".join((*sized.filters, *steady, *fades)) + f"[v{index}]")
        sound = (_sound(part, index), *_fades("afade", joining, parts, index))
        chains.append(",".join(sound) + f"[a{index}]")
    joined = _crossfaded(parts, joining) if joining.transition == "crossfade" else _concatenated(parts)
    ends = target.picture_filters()
    sounds = target.own.sound_filters or ("anull",)
    return ";".join(
        [*chains, *joined, f"[joinedv]{','.join(ends)}[picture]", f"[joineda]{','.join(sounds)}[sound]"]
    )


def chapters(parts: Sequence[Part], joining: Joining) -> str:
    """ffmpeg's text form of a chapter for each part."""
    starts = joining.starts(parts)
    ends = [*starts[1:], joining.duration_seconds(parts)]
    lines = [";FFMETADATA1"]
    for part, start, end in zip(parts, starts, ends, strict=True):
        lines += ["[CHAPTER]", "TIMEBASE=1/1000", f"START={round(start * 1000)}", f"END={round(end * 1000)}"]
        lines.append("title=" + _escaped(part.title))
    return "\n".join(lines) + "\n"


def _escaped(title: str) -> str:
    visible = "".join(character for character in title if character.isprintable())
    return "".join("\\" + character if character in "=;#\\" else character for character in visible)


def _sound(part: Part, index: int) -> str:
    """Exactly as long as the pictures, so that no part pushes the sound of the next one."""
    kind = f"aformat=sample_fmts=fltp:sample_rates={_SAMPLE_RATE}:channel_layouts=stereo"
    length = f"atrim=duration={part.duration_seconds:.3f}"
    if part.has_audio:
        return f"[{index}:a:0]aresample={_SAMPLE_RATE}:async=1,{kind},apad,{length},asetpts=PTS-STARTPTS"
    return f"anullsrc=r={_SAMPLE_RATE}:cl=stereo,{kind},{length}"


def _fades(name: str, joining: Joining, parts: Sequence[Part], index: int) -> list[str]:
    if joining.transition == "crossfade":
        return []
    asked = joining.video_fade_seconds if name == "fade" else joining.audio_fade_seconds
    if joining.transition == "fade_to_black":
        asked = joining.transition_seconds
    length = parts[index].duration_seconds
    seconds = min(asked, length / 2)
    if seconds <= 0:
        return []
    fades = [f"{name}=t=in:st=0:d={seconds:.3f}"] if index > 0 else []
    if index < len(parts) - 1:
        fades.append(f"{name}=t=out:st={length - seconds:.3f}:d={seconds:.3f}")
    return fades


def _concatenated(parts: Sequence[Part]) -> list[str]:
    pads = "".join(f"[v{index}][a{index}]" for index in range(len(parts)))
    return [f"{pads}concat=n={len(parts)}:v=1:a=1[joinedv][joineda]"]


def _crossfaded(parts: Sequence[Part], joining: Joining) -> list[str]:
    if len(parts) == 1:
        return _concatenated(parts)
    chains, starts = [], joining.starts(parts)
    picture, sound = "[v0]", "[a0]"
    for index in range(1, len(parts)):
        overlap = joining.overlap_seconds(parts[index - 1], parts[index])
        is_last = index == len(parts) - 1
        to_picture, to_sound = ("[joinedv]", "[joineda]") if is_last else (f"[xv{index}]", f"[xa{index}]")
        chains.append(
            f"{picture}[v{index}]xfade=transition=fade:duration={overlap:.3f}:"
            f"offset={starts[index]:.3f}{to_picture}"
        )
        chains.append(f"{sound}[a{index}]acrossfade=d={overlap:.3f}{to_sound}")
        picture, sound = to_picture, to_sound
    return chains
