"""Facts about a video that encoding needs, read from the `meta` of the status document. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cattube_worker.media.color_tags import HDR_TRANSFERS, ColorTags
from cattube_worker.media.crop import Crop
from cattube_worker.media.geometry import Size

_CROP = re.compile(r"(\d+)x(\d+)\+(\d+)\+(\d+)")


@dataclass(frozen=True, kw_only=True)
class VideoFacts:
    """Facts about a video that encoding needs. Sizes are as shown: upright and with square pixels.

    stored: size of the frames as they are decoded, upright, before the crop; None where it is that shown.
    crop: part of the stored frames that is shown. rotation: degrees clockwise that a player turns them.
    is_mirrored: a player also shows them as in a mirror.
    video_number, audio_number: of the streams that are seen and heard, among all of their kind.
    video_seconds, audio_seconds: lengths of these, where one of them ends before the other; 0 otherwise.
    audio_channels: 0 when unknown. The others are ffprobe's values; "" if usual, which for colours is HD's.
    """

    width: int
    height: int
    duration_seconds: float
    stored: Size | None = None
    crop: Crop | None = None
    rotation: int = 0
    is_mirrored: bool = False
    video_number: int = 0
    video_seconds: float = 0
    has_audio: bool = False
    audio_number: int = 0
    audio_seconds: float = 0
    audio_channels: int = 0
    audio_layout: str = ""
    field_order: str = ""
    color_range: str = ""
    color_space: str = ""
    color_primaries: str = ""
    color_transfer: str = ""

    @property
    def colors(self) -> ColorTags:
        """Meaning of the numbers in the frames."""
        stated = {
            "range": self.color_range,
            "matrix": self.color_space,
            "primaries": self.color_primaries,
            "transfer": self.color_transfer,
        }
        return ColorTags(**{name: value for name, value in stated.items() if value})

    @property
    def is_hdr(self) -> bool:
        """Tell if it has a high dynamic range, which an ordinary screen does not show."""
        return self.color_transfer in HDR_TRANSFERS

    @property
    def frame_size(self) -> Size:
        """Size of the frames as they are decoded, upright, before the crop."""
        return self.stored or Size(self.width, self.height)

    @classmethod
    def from_meta(cls, meta: Mapping[str, Any]) -> VideoFacts | None:
        """Facts in the `meta` that `meta_of` returned; None when the file has no video."""
        if not (meta.get("width") and meta.get("height") and meta.get("num_video_streams")):
            return None
        rotation = int(meta.get("rotation") or 0)
        stored = _read_size(meta.get("stored_size"))
        return cls(
            width=int(meta["width"]),
            height=int(meta["height"]),
            duration_seconds=float(meta.get("duration") or 0),
            stored=stored,
            crop=_read_crop(meta.get("crop"), stored),
            rotation=rotation,
            is_mirrored=bool(meta.get("is_mirrored")),
            video_number=int(meta.get("video_stream") or 0),
            video_seconds=float(meta.get("video_duration") or 0),
            has_audio=bool(meta.get("num_audio_streams")),
            audio_number=int(meta.get("audio_stream") or 0),
            audio_seconds=float(meta.get("audio_duration") or 0),
            audio_channels=int(meta.get("audio_channels") or 0),
            audio_layout=str(meta.get("audio_channel_layout") or ""),
            field_order=str(meta.get("field_order") or ""),
            color_range=str(meta.get("color_range") or ""),
            color_space=str(meta.get("color_space") or ""),
            color_primaries=str(meta.get("color_primaries") or ""),
            color_transfer=str(meta.get("color_transfer") or ""),
        )


def _read_size(text: object) -> Size | None:
    match = re.fullmatch(r"(\d+)x(\d+)", str(text))
    return Size(int(match[1]), int(match[2])) if match else None


def _read_crop(text: object, stored: Size | None) -> Crop | None:
    match = _CROP.fullmatch(str(text))
    if match is None or stored is None:
        return None
    width, height, left, top = map(int, match.groups())
    return Crop.within(stored.width, stored.height, width=width, height=height, left=left, top=top)
