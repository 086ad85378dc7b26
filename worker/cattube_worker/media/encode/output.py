"""What a video is encoded to, whatever it is made from. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from cattube_worker.media.encode.ffmpeg_options import FFmpegOptions
from cattube_worker.media.geometry import Resized, ResizeStrategy, Size, resize
from cattube_worker.media.process.limits import Limits


@dataclass(frozen=True, kw_only=True)
class Target:
    """What comes out at the end. audio: None leaves the sound out. own: what the step asks of ffmpeg."""

    video: tuple[str, ...]
    audio: tuple[str, ...] | None
    container: tuple[str, ...]
    ext: str
    width: int | None
    height: int | None
    pixel_format: str
    own: FFmpegOptions = field(default_factory=FFmpegOptions)

    def sized(self, size: Size, *, strategy: ResizeStrategy = "pad", background: str = "black") -> Resized:
        """The filters from that size to the target's, at square pixels."""
        to = resize(size, width=self.width, height=self.height, strategy=strategy, background=background)
        return replace(to, filters=(f"scale={size.width}:{size.height}", "setsar=1", *to.filters))

    def picture_filters(self) -> tuple[str, ...]:
        """What every finished picture goes through."""
        return (*self.own.filters, f"format={self.pixel_format}")

    def sound_filter(self) -> tuple[str, ...]:
        """The step's own filters for sound, as an option of an output."""
        return ("-af", ",".join(self.own.sound_filters)) if self.own.sound_filters else ()

    def output(self, path: Path, limits: Limits, *, has_audio: bool, seconds: float) -> list[str]:
        """Arguments for the file, after what is mapped into it.

        seconds: how long it would be if the step wanted no part of it; 0 when unknown.
        """
        sound = self.audio if has_audio else None
        rate = () if "-r" in self.video else ("-fpsmax", "60")
        threads = ("-threads", str(limits.threads)) if limits.threads else ()
        start = ("-ss", f"{self.own.starts_at_seconds:g}") if self.own.starts_at_seconds else ()
        lasts = min(self.own.part_of(seconds) or limits.max_duration_seconds, limits.max_duration_seconds)
        shortest = ("-shortest",) if self.own.is_shortest else ()
        return [
            *self.video, *(sound or ()), *rate, *threads, *start, "-t", f"{lasts:.3f}", *shortest,
            "-fs", str(limits.max_output_bytes), *self.container, f"file:{path}",
        ]  # fmt: skip

    def of_everything(self) -> Target:
        """The same for a file that another run goes on from: whole, and without the step's own filters."""
        return replace(self, own=FFmpegOptions())

    def for_parts(self, first: Size) -> Target:
        """The same with a size that all parts are brought to: its own, or that of the first one."""
        size = self.sized(first).size
        return replace(self, width=size.width, height=size.height)
