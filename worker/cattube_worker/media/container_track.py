"""A track as its container describes it, before any decoder has seen it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from cattube_worker.media.crop import Crop

TrackKind = Literal["video", "audio", "other"]


@dataclass(frozen=True, kw_only=True)
class ContainerTrack:
    """Track of a file. start, duration: as shown, after its edit list.

    duration_seconds, samples: None where the container does not tell them, as that of fragments does not.
    is_mirrored: by its display matrix.
    crop: None where all of a frame is shown. pixel_shape: width of a pixel to its height, within the crop.
    """

    kind: TrackKind
    start_seconds: float = 0
    duration_seconds: float | None = None
    samples: int | None = None
    is_fragmented: bool = False
    is_mirrored: bool = False
    crop: Crop | None = None
    pixel_shape: Fraction | None = None
