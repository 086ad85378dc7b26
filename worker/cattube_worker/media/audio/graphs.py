"""Sounds brought together: the graphs that do it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from cattube_worker.media.encode.source import Source

MixLength = Literal["first", "longest", "shortest"]

# Mono is as it comes out of ffmpeg: by 3 dB less loud in each of two channels.
STEREO = "aresample=48000:async=1,aformat=sample_fmts=fltp:sample_rates=48000:channel_layouts=stereo"


def audio_mix(
    inputs: Mapping[int, Source],
    *,
    delayed: Sequence[int] = (),
    delay_seconds: float = 0,
    volume: float = 1,
    length: MixLength = "longest",
    form: str = STEREO,
    filters: Sequence[str] = (),
) -> str:
    """The graph from the audio of inputs, by their numbers, to [sound], all heard at once.

    delayed: these begin later. volume: of each input. length: that of the output is that of this one.
    form: filters that bring all to one form.
    """
    louder = "" if volume == 1 else f",volume={volume:.6f}"
    chains = []
    for index, (number, source) in enumerate(inputs.items()):
        later = f",adelay={round(delay_seconds * 1000)}:all=1" if number in delayed and delay_seconds else ""
        chains.append(source.audio_chain(number, (form + louder + later,)) + f"[s{index}]")
    pads = "".join(f"[s{index}]" for index in range(len(inputs)))
    mix = f"amix=inputs={len(inputs)}:duration={length}:normalize=0"
    return ";".join([*chains, f"{pads}{','.join((mix, *filters))}[sound]"])


def audio_concat(
    lengths: Sequence[float], *, fade_seconds: float, overlaps: bool, filters: Sequence[str] = ()
) -> str:
    """The graph from the audio of inputs 0, 1, ... to [sound], one after another.

    lengths: of the inputs, in seconds. fade_seconds: by which each is faded into the next, as far as half of
    the shorter one allows. overlaps: both are heard while they fade; else the one ends before the other.
    """
    chains, joined = [], "[0:a:0]"
    for index in range(1, len(lengths)):
        fade = fade_between(lengths, index, fade_seconds=fade_seconds)
        joint = "concat=n=2:v=0:a=1" if fade <= 0 else f"acrossfade=d={fade:.3f}:o={int(overlaps)}"
        chains.append(f"{joined}[{index}:a:0]{joint}[j{index}]")
        joined = f"[j{index}]"
    return ";".join([*chains, f"{joined}{','.join(filters or ('anull',))}[sound]"])


def fade_between(lengths: Sequence[float], index: int, *, fade_seconds: float) -> float:
    """The seconds of the fade between that input and the one before, to the millisecond."""
    shorter = min(lengths[index - 1], lengths[index])
    # Rounded down, because a fade that is longer than what is left makes the filter give nothing.
    return min(fade_seconds, int(shorter * 500) / 1000)
