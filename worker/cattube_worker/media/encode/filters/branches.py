"""Steps that share one ffmpeg process: branches of frames, and the outputs they end in."""

from __future__ import annotations

from dataclasses import dataclass, field

from cattube_worker.media.color_tags import HD, ColorTags
from cattube_worker.media.encode.filters.normalization import Normalization
from cattube_worker.media.encode.filters.watermark import Watermark
from cattube_worker.media.encode.output import Output
from cattube_worker.media.encode.stream_copy import Copyable
from cattube_worker.media.geometry import Size


@dataclass(frozen=True, kw_only=True)
class Frames:
    """The frames a branch gives to those that come after it, or those of the file itself.

    duration_seconds, audio_channels: 0 when unknown. normalization: what they still need.
    colors: once they have that.
    copyable: what of the file can stay as it is where nothing is done to them.
    """

    size: Size
    duration_seconds: float
    rotation: int = 0
    has_audio: bool = False
    audio_channels: int = 0
    normalization: Normalization = field(default_factory=Normalization)
    colors: ColorTags = HD
    copyable: Copyable = field(default_factory=Copyable)


@dataclass(frozen=True, kw_only=True)
class Branch:
    """One step's frames.

    source: the branch they come from; None takes them from the file itself.
    filters: bring the source's frames to what later branches see; the watermark comes after them. Those of
    the output are for its file alone.
    frames: as later branches see them.
    """

    name: str
    source: str | None
    output: Output
    filters: tuple[str, ...] = ()
    watermark: Watermark | None = None
    frames: Frames
