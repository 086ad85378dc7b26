"""Metadata of a file: from ffprobe's document to the `meta` of the status document. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cattube_worker.media.color_tags import ColorTags, color_tags
from cattube_worker.media.crop import Crop
from cattube_worker.media.geometry import Size
from cattube_worker.media.inspect.lengths import Lengths, lengths
from cattube_worker.media.inspect.numbers import fraction, integer
from cattube_worker.media.inspect.streams import ChosenStreams, choose_streams, is_artwork, streams_of

Document = Mapping[str, Any]

_PIXEL_FORMAT = re.compile(r"(?:yuvj?a?\d{3}|gbra?|gray)p?(?P<bits>\d{1,2})?(?:le|be)?")
_USUAL_LAYOUTS = {1: "mono", 2: "stereo"}
# So much later the end of one track is heard or seen: a player that waits for both would stand still.
UNEVEN_SECONDS = 0.5


def meta_of(document: Document) -> dict[str, Any]:
    """`meta` of a file; seconds, bit/s and pixels as shown. Unknown and ordinary values are left out.

    document: ffprobe's JSON with "format" and "streams".
    """
    chosen = choose_streams(document)
    all_videos = streams_of(document, "video")
    videos = [stream for stream in all_videos if not is_artwork(stream)]
    times = lengths(document, chosen)
    meta: dict[str, Any] = {
        "duration": None if times.seconds is None else round(times.seconds, 3),
        "overall_bitrate": integer(document.get("format", {}).get("bit_rate")),
        "num_video_streams": len(videos),
        "num_audio_streams": chosen.audio_count,
        "num_subtitles": len(streams_of(document, "subtitle")),
        "has_artwork": any(map(is_artwork, all_videos)),
    }
    if videos:
        meta |= _video_meta(chosen.video or videos[0])
    if chosen.audio is not None:
        meta |= _audio_meta(chosen.audio)
    meta |= _unusual_streams(chosen, times)
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
    return any(not is_artwork(stream) for stream in streams_of(document, "video"))


def _unusual_streams(chosen: ChosenStreams, times: Lengths) -> dict[str, Any]:
    """What an ordinary file does not have: other streams than the first, and streams that end too early."""
    ends = {"video_duration": times.video_seconds, "audio_duration": times.audio_seconds}
    early = {
        key: round(end, 3)
        for key, end in ends.items()
        if chosen.video and end and times.seconds and times.seconds - end > UNEVEN_SECONDS
    }
    return {
        "video_stream": chosen.video_number or None,
        "audio_stream": chosen.audio_number or None,
        **early,
    }


def _video_meta(stream: Document) -> dict[str, Any]:
    stored = Size(int(stream.get("width") or 0), int(stream.get("height") or 0))
    rotation = _rotation(stream)
    crop: Crop | None = stream.get("crop")
    width, height = (crop.width, crop.height) if crop else (stored.width, stored.height)
    shape = fraction(str(stream.get("sample_aspect_ratio") or "").replace(":", "/"))
    if shape and width:
        width = round(width * shape)
    if rotation in {90, 270}:
        width, height, stored = height, width, Size(stored.height, stored.width)
    crop = crop.turned(rotation) if crop else None
    rate = fraction(stream.get("avg_frame_rate")) or fraction(stream.get("r_frame_rate"))
    return {
        "width": width,
        "height": height,
        "aspect_ratio": round(width / height, 3) if height else None,
        "framerate": round(float(rate), 3) if rate else None,
        "video_codec": stream.get("codec_name"),
        "video_bitrate": integer(stream.get("bit_rate")),
        "rotation": rotation,
        "is_mirrored": _is_mirrored(stream) or None,
        "stored_size": f"{stored.width}x{stored.height}" if stored != Size(width, height) else None,
        "crop": f"{crop.width}x{crop.height}+{crop.left}+{crop.top}" if crop else None,
        "pixel_format": stream.get("pix_fmt"),
        "encoding_profile": stream.get("profile"),
        "bit_depth": _bit_depth(stream),
        "sample_aspect_ratio": f"{shape.numerator}:{shape.denominator}" if shape and shape != 1 else None,
        "field_order": _unusual(stream.get("field_order"), "progressive"),
        **_color_meta(stream),
    }


def _color_meta(stream: Document) -> dict[str, Any]:
    """Colours where they are others than those of HD."""
    tags, usual = color_tags(stream), ColorTags()
    return {
        "color_range": _unusual(tags.range, usual.range),
        "color_space": _unusual(tags.matrix, usual.matrix),
        "color_primaries": _unusual(tags.primaries, usual.primaries),
        "color_transfer": _unusual(tags.transfer, usual.transfer),
    }


def _audio_meta(stream: Document) -> dict[str, Any]:
    channels = integer(stream.get("channels"))
    return {
        "audio_codec": stream.get("codec_name"),
        "audio_bitrate": integer(stream.get("bit_rate")),
        "audio_samplerate": integer(stream.get("sample_rate")),
        "audio_channels": channels,
        "audio_channel_layout": _unusual(stream.get("channel_layout"), _USUAL_LAYOUTS.get(channels or 0, "")),
        "audio_profile": _unusual(stream.get("profile"), "LC"),
    }


def _bit_depth(stream: Document) -> int | None:
    """Bits of a colour: of the stream, else of the name of its pixel format ("yuv420p10le")."""
    if bits := integer(stream.get("bits_per_raw_sample")):
        return bits
    match = _PIXEL_FORMAT.fullmatch(str(stream.get("pix_fmt")))
    return int(match["bits"] or 8) if match else None


def _rotation(stream: Document) -> int:
    """Degrees clockwise. ffprobe has them anticlockwise, in a display matrix among the side data."""
    for side_data in stream.get("side_data_list", []):
        if "rotation" in side_data:
            return round(-float(side_data["rotation"]) / 90) * 90 % 360
    return 0


def _is_mirrored(stream: Document) -> bool:
    """Tell if a display matrix turns left and right around: by the container's, else by ffprobe's text."""
    if stream.get("is_mirrored"):
        return True
    texts = [str(side_data.get("displaymatrix", "")) for side_data in stream.get("side_data_list", [])]
    for numbers in (re.findall(r"(?<=\s)-?\d+(?=\s|$)", text) for text in texts):
        if len(numbers) >= 5:
            a, b, _, c, d = map(int, numbers[:5])
            return a * d - b * c < 0
    return False


def _unusual(value: object, usual: str) -> str | None:
    return None if value in {None, "unknown", "reserved", usual} else str(value)
