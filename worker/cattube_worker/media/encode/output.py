"""The description of what ffmpeg writes: codecs, size, container, part of the time, and path. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from cattube_worker.media.color_tags import ColorTags
from cattube_worker.media.encode.h264_colors import h264_colors
from cattube_worker.media.encode.source import Source
from cattube_worker.media.geometry import Resized, ResizeStrategy, Size, resize

# ffmpeg's options and their values in turn.
Words = tuple[str, ...]
# What may bound an output: how long it lasts, how many bytes it has, how many frames a second.
Bound = Literal["duration", "bytes", "frame_rate"]

# The place where somebody filmed and the camera's serial number are nobody's business.
WITHOUT_METADATA = ("-map_metadata", "-1", "-map_chapters", "-1")
COPY_AUDIO = ("-c:a", "copy")


@dataclass(frozen=True, kw_only=True)
class Output:
    """One file, many numbered files, or a manifest with its segments.

    path: with "%05d" where the number of one of many goes. ext: of its name for people.
    video, audio, subtitles: encoder options; None leaves the streams out. *_from: what is mapped into them.
    width, height: the box of the video; a missing side follows from the source's ratio.
    filters, audio_filters: the step's own, which come last.
    starts_at_seconds, lasts_seconds: the part to keep. ends_at_seconds: the same by its end, where how long
    it lasts is unknown. is_shortest: it ends with the first of its streams.
    expected_seconds: how long the file must be at least; 0 where that cannot be foretold.
    stills_at_seconds: the moments of stills, rising; None makes a video of all frames.
    candidates: so many of them are candidates for one still, by what is found in the shades_report.
    has_constant_rate: frames come at even distances. frame_count: how many are written; None writes all.
    live_preview: the folder in which the video can be watched while it is made.
    bounds: which limits are put on it.
    """

    path: Path
    ext: str = ""
    video: Words | None = None
    video_from: Words = ("0:V:0",)  # V, not v: the cover picture of a song is no video
    audio: Words | None = None
    audio_from: Words = ("0:a:0",)
    subtitles: Words | None = None
    subtitles_from: Words = ()
    container: Words = ()
    metadata: Words = WITHOUT_METADATA
    width: int | None = None
    height: int | None = None
    pixel_format: str = "yuv420p"
    filters: Words = ()
    audio_filters: Words = ()
    has_constant_rate: bool = False
    frame_count: int | None = None
    starts_at_seconds: float = 0
    lasts_seconds: float | None = None
    ends_at_seconds: float | None = None
    is_shortest: bool = False
    expected_seconds: float = 0
    stills_at_seconds: tuple[float, ...] | None = None
    candidates: int = 1
    shades_report: Path | None = None
    is_sprite_sheet: bool = False
    is_segmented: bool = False
    live_preview: Path | None = None
    bounds: frozenset[Bound] = frozenset({"duration", "bytes", "frame_rate"})

    @property
    def copies_video(self) -> bool:
        """True when the file's own video goes into it, and no frames."""
        return self.video is not None and option(self.video, "-c:v") == "copy"

    @property
    def copies_audio(self) -> bool:
        """True when the file's own audio goes into it as it is."""
        return self.audio is not None and option(self.audio, "-c:a") == "copy"

    @property
    def is_whole_video(self) -> bool:
        """True when it lasts as long as the source does: no stills, and no part of the time."""
        ends = (self.stills_at_seconds, self.frame_count, self.lasts_seconds, self.ends_at_seconds)
        return not self.starts_at_seconds and all(end is None for end in ends)

    @property
    def encodes_video(self) -> bool:
        """True when a video encoder runs for it all the time."""
        return self.video is not None and not self.copies_video and self.stills_at_seconds is None

    def sized(self, size: Size, *, strategy: ResizeStrategy = "pad", background: str = "black") -> Resized:
        """Filters from frames of that size to the output's own, at square pixels."""
        resized = resize(size, width=self.width, height=self.height, strategy=strategy, background=background)
        return replace(resized, filters=(f"scale={size.width}:{size.height}", "setsar=1", *resized.filters))

    def last_filters(self) -> Words:
        """Filters that every finished frame goes through."""
        return (*self.filters, f"format={self.pixel_format}")

    def sized_like(self, first: Size) -> Output:
        """The same output in one size for several inputs: its own, or that of the first one."""
        size = self.sized(first).size
        return replace(self, width=size.width, height=size.height)

    def uncut(self, seconds: float) -> Output:
        """The same output of all those seconds, and without the step's own filters."""
        return replace(
            self,
            filters=(),
            audio_filters=(),
            starts_at_seconds=0,
            lasts_seconds=seconds,
            is_shortest=False,
            expected_seconds=seconds,
        )

    def from_source(self, source: Source, *, filters: Words) -> Output:
        """The same output of streams of input 0. filters: for the frames, after those of the source."""
        return replace(
            self,
            video_from=(f"0:{source.video}",),
            audio_from=(f"0:{source.audio}",),
            filters=(*source.video_filters, *filters) if filters else (),
            audio_filters=(*source.audio_filters, *self.audio_filters),
        )

    def from_pads(self, video: str, audio: str | None = None) -> Output:
        """The same output of a graph's pads; the graph holds all its filters. audio: None leaves it out."""
        return replace(
            self,
            video_from=(video,),
            audio_from=(audio,) if audio else (),
            audio=self.audio if audio else None,
            filters=(),
            audio_filters=(),
        )


def copy_video(colors: ColorTags) -> Words:
    """Options that take H.264 over as it is, with its colours stated.

    SEI can hold what the camera knows, such as the place, and no player needs it.
    """
    return ("-c:v", "copy", "-bsf:v", f"h264_metadata={h264_colors(colors)},filter_units=remove_types=6")


def option(words: Words, name: str) -> str | None:
    """The value of an option; None where it is not among the words."""
    return dict(zip(words[::2], words[1::2], strict=False)).get(name)
