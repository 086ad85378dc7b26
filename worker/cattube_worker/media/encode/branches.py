"""What one ffmpeg process is to make of one file: branches of frames, and the files they end in."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cattube_worker.media.encode.normalization import Normalization
from cattube_worker.media.encode.stream_copy import COPY_AUDIO, COPY_VIDEO, Copyable
from cattube_worker.media.encode.watermark import Watermark
from cattube_worker.media.geometry import Size


@dataclass(frozen=True, kw_only=True)
class Frames:
    """The frames a branch gives to those that come after it, or those of the file itself.

    duration_seconds, audio_channels: 0 when unknown. normalization: what they still need.
    keepable: what of the file can be kept as it is where nothing is done to them.
    """

    size: Size
    duration_seconds: float
    rotation: int = 0
    has_audio: bool = False
    audio_channels: int = 0
    normalization: Normalization = field(default_factory=Normalization)
    copyable: Copyable = field(default_factory=Copyable)


@dataclass(frozen=True, kw_only=True)
class Output:
    """A video, or the stills of some moments.

    path: for stills with "%05d" where their number goes. audio: None leaves the sound out.
    stills_at_seconds: the moments, rising; None makes a video of all frames.
    starts_at_seconds, lasts_seconds: the part to keep. expected_seconds: how long the file must be at least,
    where that is not the length of its source. is_in_pieces: many files, "%05d" where their number goes.
    growing: the folder in which it can be watched while it is made. is_sheet: the stills become one picture.
    """

    path: Path
    video: tuple[str, ...]
    audio: tuple[str, ...] | None = None
    container: tuple[str, ...] = ()
    stills_at_seconds: tuple[float, ...] | None = None
    starts_at_seconds: float = 0
    lasts_seconds: float | None = None
    expected_seconds: float | None = None
    is_in_pieces: bool = False
    live_preview: Path | None = None
    is_sprite_sheet: bool = False

    @property
    def copies_video(self) -> bool:
        """Whether the file's own pictures go into it, and no frames."""
        return self.video == COPY_VIDEO

    @property
    def copies_audio(self) -> bool:
        """Whether the file's own sound goes into it as it is."""
        return self.audio == COPY_AUDIO


@dataclass(frozen=True, kw_only=True)
class Branch:
    """One step's frames.

    source: the branch they come from; None takes them from the file itself.
    filters: bring the source's frames to what later branches see; the watermark comes after them.
    output_filters: for the file alone; later branches do not see them.
    """

    name: str
    source: str | None
    output: Output
    filters: tuple[str, ...] = ()
    watermark: Watermark | None = None
    output_filters: tuple[str, ...] = ()
    frames: Frames
