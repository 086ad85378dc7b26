"""Outputs that come out the same when their video is encoded in parts. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from cattube_worker.media.encode.filters.branches import Branch
from cattube_worker.media.encode.output import Output, Words, option
from cattube_worker.media.encode.source import INTERLACED
from cattube_worker.media.inspect.video_facts import VideoFacts

_FORCED_KEY_FRAMES = "-force_key_frames"
# Key frames at multiples of so many seconds, as the presets ask for them.
_EVERY = re.compile(r"expr:gte\(t,n_forced\*(\d+)\)")
# These work on one encode from its beginning to its end, or ask for a rate of frames that is another.
_OF_THE_WHOLE = frozenset({"-pass", "-passlogfile", "-r", "-fpsmax", "-vsync", "-fps_mode", "-frames:v"})


def is_divisible(facts: VideoFacts, branches: Sequence[Branch]) -> bool:
    """True when all branches encode each frame of the video by itself, into files that can be joined.

    Not so where frames are made of several, where the time counts, and where nothing is encoded.
    """
    return (
        bool(branches)
        and facts.field_order not in INTERLACED
        and not (facts.video_seconds or facts.is_mirrored or facts.crop or facts.stored)
        and all(_is_divisible(branch) for branch in branches)
    )


def _is_divisible(branch: Branch) -> bool:
    output, mark = branch.output, branch.watermark
    return (
        _is_joinable(output)
        and output.is_whole_video
        and not (output.is_segmented or output.is_shortest or output.filters or output.audio_filters)
        and (mark is None or (mark.start_seconds == 0 and mark.duration_seconds is None))
    )


def _is_joinable(output: Output) -> bool:
    video = output.video or ()
    forced = option(video, _FORCED_KEY_FRAMES)
    return (
        option(video, "-c:v") == "libx264"
        and "mp4" in output.container
        and output.has_constant_rate
        and not _OF_THE_WHOLE & set(video)
        and (forced is None or _EVERY.fullmatch(forced) is not None)
    )


def from_second(video: Words, start: Fraction, *, frame_seconds: Fraction) -> Words:
    """The encoder's options for a part that begins at `start`: key frames come where the whole has them."""
    forced = option(video, _FORCED_KEY_FRAMES)
    every = _EVERY.fullmatch(forced or "")
    if every is None:
        return video
    seconds = int(every[1])
    first = -(-start // seconds)
    # A part of a frame earlier: a frame must not come too late for a rounded sum.
    ahead = float(start + frame_seconds / 8)
    shifted = f"expr:gte(t+{ahead:.6f},(n_forced+{first})*{seconds})"
    return tuple(shifted if word == forced else word for word in video)
