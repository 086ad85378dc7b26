"""What of a file can be kept as it is, because encoding it again would only cost time and quality. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cattube_worker.media.geometry import Size

# In these a file's index tells truly when each frame is shown, which a stream for broadcasting need not.
_CONTAINERS = frozenset({"video/mp4", "video/quicktime", "video/x-matroska"})
_PROFILES = frozenset({"Constrained Baseline", "Baseline", "Main", "High"})
# Any of these means that the frames must be changed.
_NEEDS_WORK = ("field_order", "color_range", "color_transfer", "sample_aspect_ratio", "rotation")
_MOST_FRAMES_PER_SECOND = 60
# Measured: busy footage comes out of "veryfast" at crf 23 with a fifth of a bit for each pixel.
_BITS_A_PIXEL_BY_QUALITY = 0.2
_SMALLEST_BITRATE = 400_000
# So much more than a preset would give is no reason to encode.
_TOLERANCE = 1.2

# SEI can hold what the camera knows, such as the place, and no player needs it.
COPY_VIDEO = ("-c:v", "copy", "-bsf:v", "filter_units=remove_types=6")
COPY_AUDIO = ("-c:a", "copy")


@dataclass(frozen=True, kw_only=True)
class Copyable:
    """The bit rates of what every player can play as it is; None for what not every one can.

    frames_per_second: of the pictures.
    """

    video_bitrate: int | None = None
    frames_per_second: float = 0
    audio_bitrate: int | None = None


def copyable(meta: Mapping[str, Any], *, mime: str | None) -> Copyable:
    """What can be kept of a file with that `meta`, as `meta_of` made it."""
    if mime not in _CONTAINERS:
        return Copyable()
    return Copyable(
        video_bitrate=_video_bitrate(meta) if _plays_everywhere(meta) else None,
        frames_per_second=float(meta.get("framerate") or 0),
        audio_bitrate=meta.get("audio_bitrate") if _sounds_everywhere(meta) else None,
    )


def copies_video(given: Copyable, video: tuple[str, ...], size: Size) -> bool:
    """Whether pictures of that size are as good as what these options for x264 would make of them."""
    if given.video_bitrate is None:
        return False
    wanted = _bits(video[video.index("-b:v") + 1]) if "-b:v" in video else None
    if wanted is None:
        pixels = size.width * size.height * given.frames_per_second
        wanted = max(pixels * _BITS_A_PIXEL_BY_QUALITY, _SMALLEST_BITRATE)
    return given.video_bitrate <= wanted * _TOLERANCE


def copies_audio(given: Copyable, audio: tuple[str, ...]) -> bool:
    """Whether the sound is as good as what these options would make of it."""
    options = dict(zip(audio[::2], audio[1::2], strict=True))
    wanted = _bits(options.get("-b:a", ""))
    is_plain = options.keys() == {"-c:a", "-b:a"} and options["-c:a"] == "aac"
    return is_plain and given.audio_bitrate is not None and given.audio_bitrate <= (wanted or 0) * _TOLERANCE


def _plays_everywhere(meta: Mapping[str, Any]) -> bool:
    return (
        meta.get("video_codec") == "h264"
        and meta.get("pixel_format") == "yuv420p"
        and meta.get("encoding_profile") in _PROFILES
        and not any(meta.get(key) for key in _NEEDS_WORK)
        and meta.get("color_primaries") != "bt2020"
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
    )


def _video_bitrate(meta: Mapping[str, Any]) -> int | None:
    """Of the pictures, else of all there is: Matroska tells no more."""
    bitrate = meta.get("video_bitrate") or meta.get("overall_bitrate")
    return int(bitrate) if bitrate else None


def _bits(text: str) -> float | None:
    return float(text.removesuffix("k")) * 1000 if text.endswith("k") else None
