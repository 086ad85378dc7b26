"""Streams of a file that are copied, because encoding them again would only cost time and quality.

Pure, but for the check of what was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cattube_worker.media.color_tags import HD, HDR_TRANSFERS, ColorTags
from cattube_worker.media.encode.command import QUIET, guarded_input
from cattube_worker.media.encode.output import option
from cattube_worker.media.errors import CommandFailed
from cattube_worker.media.geometry import Size
from cattube_worker.media.inspect.video_facts import VideoFacts
from cattube_worker.media.mp4.frame_times import VideoTiming, video_timing
from cattube_worker.media.workspace import Workspace

# In these a file's index tells truly when each frame is shown, which a stream for broadcasting need not.
_CONTAINERS = frozenset({"video/mp4", "video/quicktime", "video/x-matroska"})
_PROFILES = frozenset({"Constrained Baseline", "Baseline", "Main", "High"})
# Any of these means that the frames must be changed.
_NEEDS_WORK = (
    *("field_order", "sample_aspect_ratio", "rotation", "is_mirrored", "crop"),
    *("video_stream", "video_duration"),
)
_MOST_FRAMES_PER_SECOND = 60
# Measured: busy footage comes out of the presets by quality with a sixth of a bit for each pixel.
_BITS_A_PIXEL_BY_QUALITY = 1 / 6
_SMALLEST_BITRATE = 400_000
# So much more than a preset would give is no reason to encode.
_TOLERANCE = 1.2
# Seeking lands on a key frame: further apart, a player that jumps decodes for too long.
_LONGEST_GROUP_SECONDS = 10
# Frames need not be quite even, but one that stands for so much longer is a file for us to even out.
_LONGEST_FRAME = 4


@dataclass(frozen=True, kw_only=True)
class Copyable:
    """The bit rates of what every player can play as it is; None for what not every one can.

    frames_per_second, colors: of the video.
    """

    video_bitrate: int | None = None
    frames_per_second: float = 0
    colors: ColorTags = HD
    audio_bitrate: int | None = None


def copyable(meta: Mapping[str, Any], *, mime: str | None) -> Copyable:
    """The streams that can be copied of a file with that `meta`, as `meta_of` made it."""
    if mime not in _CONTAINERS:
        return Copyable()
    return Copyable(
        video_bitrate=_video_bitrate(meta) if _plays_everywhere(meta) else None,
        frames_per_second=float(meta.get("framerate") or 0),
        colors=_colors(meta),
        audio_bitrate=meta.get("audio_bitrate") if _sounds_everywhere(meta) else None,
    )


def can_copy_video(source: Copyable, video: tuple[str, ...], size: Size) -> bool:
    """True when a video of that size is as good as what these options for x264 would make of it."""
    if source.video_bitrate is None:
        return False
    bitrate = _bits(option(video, "-b:v") or "") if "-b:v" in video else None
    if bitrate is None:
        pixels = size.width * size.height * source.frames_per_second
        bitrate = max(pixels * _BITS_A_PIXEL_BY_QUALITY, _SMALLEST_BITRATE)
    return source.video_bitrate <= bitrate * _TOLERANCE


def can_copy_audio(source: Copyable, audio: tuple[str, ...]) -> bool:
    """True when the audio is as good as what these options would make of it."""
    options = dict(zip(audio[::2], audio[1::2], strict=True))
    bitrate = _bits(options.get("-b:a", "")) or 0
    is_plain = options.keys() == {"-c:a", "-b:a"} and options["-c:a"] == "aac"
    return is_plain and source.audio_bitrate is not None and source.audio_bitrate <= bitrate * _TOLERANCE


def check_copied(paths: Sequence[Path], workspace: Workspace) -> None:
    """Check that players can seek in these files, that frames come evenly, and that both ends decode.

    Raises CommandFailed, Stopped; CommandTimeout.
    """
    if not all(is_steady(video_timing(path)) for path in paths):
        raise CommandFailed("The frames come too unevenly to be copied.")
    inputs: list[str] = []
    maps: list[str] = []
    for index, path in enumerate(paths):
        inputs += [
            *guarded_input(path, workspace.limits, "-t", "1"),
            *guarded_input(path, workspace.limits, "-sseof", "-1"),
        ]
        maps += ["-map", str(2 * index), "-map", str(2 * index + 1)]
    result = workspace.ask([*QUIET, "-xerror", *inputs, *maps, "-f", "null", "-"], reads=paths)
    if result.exit_code != 0 or result.errors.strip():
        raise CommandFailed("What was copied does not decode.")


def is_steady(timing: VideoTiming | None) -> bool:
    """True when a file with these times plays as well as one of our making."""
    return (
        timing is not None
        and timing.longest_group_seconds <= _LONGEST_GROUP_SECONDS
        and timing.longest_frame_seconds <= _LONGEST_FRAME * timing.mean_frame_seconds
    )


def _plays_everywhere(meta: Mapping[str, Any]) -> bool:
    return (
        meta.get("video_codec") == "h264"
        and meta.get("pixel_format") == "yuv420p"
        and meta.get("encoding_profile") in _PROFILES
        and not any(meta.get(key) for key in _NEEDS_WORK)
        and _colors(meta).is_plain
        and meta.get("color_primaries") != "bt2020"
        and meta.get("color_transfer") not in HDR_TRANSFERS
        and meta.get("num_video_streams") == 1
        and not (meta["width"] % 2 or meta["height"] % 2)
        and 0 < (meta.get("framerate") or 0) <= _MOST_FRAMES_PER_SECOND
    )


def _sounds_everywhere(meta: Mapping[str, Any]) -> bool:
    return (
        meta.get("audio_codec") == "aac"
        and "audio_profile" not in meta  # it is AAC-LC
        and meta.get("audio_channels") in {1, 2}
        and meta.get("audio_samplerate") in {44_100, 48_000}
        and not (meta.get("audio_channel_layout") or meta.get("audio_duration"))
    )


def _colors(meta: Mapping[str, Any]) -> ColorTags:
    facts = VideoFacts.from_meta(meta)
    return HD if facts is None else facts.colors


def _video_bitrate(meta: Mapping[str, Any]) -> int | None:
    """Bit rate of the video, else of the whole file: Matroska tells no more."""
    bitrate = meta.get("video_bitrate") or meta.get("overall_bitrate")
    return int(bitrate) if bitrate else None


def _bits(text: str) -> float | None:
    return float(text.removesuffix("k")) * 1000 if text.endswith("k") else None
