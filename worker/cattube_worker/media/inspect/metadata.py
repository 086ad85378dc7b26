"""Metadata of a file: from ffprobe's document to the `meta` of the status document. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cattube_worker.media.geometry import Size

Document = Mapping[str, Any]

# Values of an ordinary video: `meta` leaves them out, as it does unknown ones.
_USUAL_VALUES = {
    "field_order": "progressive",
    "color_range": "tv",
    "color_primaries": "bt709",
    "color_transfer": "bt709",
}
_PIXEL_FORMAT = re.compile(r"(?:yuvj?a?\d{3}|gbra?|gray)p?(?P<bits>\d{1,2})?(?:le|be)?")
# The two ways to store high dynamic range: PQ and HLG.
_HDR_TRANSFERS = frozenset({"smpte2084", "arib-std-b67"})


@dataclass(frozen=True, kw_only=True)
class VideoFacts:
    """Facts about a video that encoding needs. Sizes are as shown: upright and with square pixels.

    rotation: degrees clockwise that a player turns the stored frames.
    audio_channels: of the first audio stream; 0 when unknown. The others are ffprobe's values; "" if usual.
    """

    width: int
    height: int
    duration_seconds: float
    rotation: int = 0
    has_audio: bool = False
    audio_channels: int = 0
    field_order: str = ""
    color_range: str = ""
    color_primaries: str = ""
    color_transfer: str = ""

    @property
    def is_hdr(self) -> bool:
        """Tell if it has a high dynamic range, which an ordinary screen does not show."""
        return self.color_transfer in _HDR_TRANSFERS

    @classmethod
    def from_meta(cls, meta: Mapping[str, Any]) -> VideoFacts | None:
        """Facts in the `meta` that `meta_of` returned; None when the file has no video."""
        if not (meta.get("width") and meta.get("height") and meta.get("num_video_streams")):
            return None
        return cls(
            width=int(meta["width"]),
            height=int(meta["height"]),
            duration_seconds=float(meta.get("duration") or 0),
            rotation=int(meta.get("rotation") or 0),
            has_audio=bool(meta.get("num_audio_streams")),
            audio_channels=int(meta.get("audio_channels") or 0),
            field_order=str(meta.get("field_order") or ""),
            color_range=str(meta.get("color_range") or ""),
            color_primaries=str(meta.get("color_primaries") or ""),
            color_transfer=str(meta.get("color_transfer") or ""),
        )


def meta_of(document: Document) -> dict[str, Any]:
    """`meta` of a file; seconds, bit/s and pixels as shown. Unknown values are left out.

    document: ffprobe's JSON with "format" and "streams".
    """
    video = [stream for stream in _streams(document, "video") if not _is_artwork(stream)]
    audio = _streams(document, "audio")
    container = document.get("format", {})
    meta: dict[str, Any] = {
        "duration": _duration(document),
        "overall_bitrate": _integer(container.get("bit_rate")),
        "num_video_streams": len(video),
        "num_audio_streams": len(audio),
        "num_subtitles": len(_streams(document, "subtitle")),
        "has_artwork": any(_is_artwork(stream) for stream in _streams(document, "video")),
    }
    if video:
        meta |= _video_meta(video[0])
    if audio:
        meta |= {
            "audio_codec": audio[0].get("codec_name"),
            "audio_bitrate": _integer(audio[0].get("bit_rate")),
            "audio_samplerate": _integer(audio[0].get("sample_rate")),
            "audio_channels": _integer(audio[0].get("channels")),
            "audio_profile": _unusual(audio[0].get("profile"), "LC"),
        }
    return {key: value for key, value in meta.items() if value is not None}


def still_meta(size: Size) -> dict[str, Any]:
    """`meta` of a still picture."""
    return {
        "width": size.width,
        "height": size.height,
        "aspect_ratio": round(size.width / size.height, 3),
    }


def has_video(document: Document) -> bool:
    """Tell if there is a video stream that is not the artwork of a song."""
    return any(not _is_artwork(stream) for stream in _streams(document, "video"))


def _video_meta(stream: Document) -> dict[str, Any]:
    width, height = int(stream.get("width") or 0), int(stream.get("height") or 0)
    rotation = _rotation(stream)
    shape = _fraction(stream.get("sample_aspect_ratio", "").replace(":", "/"))
    if shape and width:
        width = round(width * shape)
    if rotation in {90, 270}:
        width, height = height, width
    rate = _fraction(stream.get("avg_frame_rate")) or _fraction(stream.get("r_frame_rate"))
    return {
        "width": width,
        "height": height,
        "aspect_ratio": round(width / height, 3) if height else None,
        "framerate": round(float(rate), 3) if rate else None,
        "video_codec": stream.get("codec_name"),
        "video_bitrate": _integer(stream.get("bit_rate")),
        "rotation": rotation,
        "pixel_format": stream.get("pix_fmt"),
        "encoding_profile": stream.get("profile"),
        "bit_depth": _bit_depth(stream),
        "sample_aspect_ratio": f"{shape.numerator}:{shape.denominator}" if shape and shape != 1 else None,
        **{key: _unusual(stream.get(key), usual) for key, usual in _USUAL_VALUES.items()},
    }


def _bit_depth(stream: Document) -> int | None:
    """Bits of a colour: of the stream, else of the name of its pixel format ("yuv420p10le")."""
    if bits := _integer(stream.get("bits_per_raw_sample")):
        return bits
    match = _PIXEL_FORMAT.fullmatch(str(stream.get("pix_fmt")))
    return int(match["bits"] or 8) if match else None


def _streams(document: Document, kind: str) -> list[Document]:
    return [stream for stream in document.get("streams", []) if stream.get("codec_type") == kind]


def _is_artwork(stream: Document) -> bool:
    return bool(stream.get("disposition", {}).get("attached_pic"))


def _duration(document: Document) -> float | None:
    """Seconds of the longest video or audio stream; a subtitle or data stream may go on after both."""
    durations = [
        _number(stream.get("duration")) or 0
        for stream in document.get("streams", [])
        if stream.get("codec_type") in {"video", "audio"}
    ]
    seconds = max(durations, default=0) or _container_duration(document.get("format", {}))
    return round(seconds, 3) if seconds > 0 else None


def _container_duration(container: Document) -> float:
    """Seconds of the container. In Matroska "duration" is the end of the last frame, from zero."""
    seconds = _number(container.get("duration")) or 0
    is_matroska = "matroska" in str(container.get("format_name"))
    start = _number(container.get("start_time")) or 0 if is_matroska else 0
    return seconds - start if 0 < start < seconds else seconds


def _rotation(stream: Document) -> int:
    """Degrees clockwise. ffprobe has them anticlockwise, in a display matrix among the side data."""
    for side_data in stream.get("side_data_list", []):
        if "rotation" in side_data:
            return round(-float(side_data["rotation"]) / 90) * 90 % 360
    return 0


def _unusual(value: object, usual: str) -> str | None:
    return None if value in {None, "unknown", "reserved", usual} else str(value)


def _number(value: object) -> float | None:
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if -1e15 < number < 1e15 else None  # also drops inf and nan


def _integer(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def _fraction(value: object) -> Fraction | None:
    try:
        fraction = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        return None
    return fraction if 0 < fraction < 10**6 else None
