"""What a video is encoded to, whatever it is made from. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from cattube_worker.media.geometry import Resized, ResizeStrategy, Size, resize
from cattube_worker.media.limits import Limits


@dataclass(frozen=True, kw_only=True)
class Target:
    """What comes out at the end. audio: None leaves the sound out."""

    video: tuple[str, ...]
    audio: tuple[str, ...] | None
    container: tuple[str, ...]
    ext: str
    width: int | None
    height: int | None
    pixel_format: str
    filters: tuple[str, ...] = ()
    sound_filters: tuple[str, ...] = ()

    def sized(self, size: Size, *, strategy: ResizeStrategy = "pad", background: str = "black") -> Resized:
        """The filters from that size to the target's, at square pixels."""
        to = resize(size, width=self.width, height=self.height, strategy=strategy, background=background)
        return replace(to, filters=(f"scale={size.width}:{size.height}", "setsar=1", *to.filters))

    def picture_filters(self) -> tuple[str, ...]:
        """What every finished picture goes through."""
        return (*self.filters, f"format={self.pixel_format}")

    def output(self, path: Path, limits: Limits, *, has_audio: bool) -> list[str]:
        """Arguments for the file, after what is mapped into it."""
        sound = self.audio if has_audio else None
        rate = () if "-r" in self.video else ("-fpsmax", "60")
        threads = ("-threads", str(limits.threads)) if limits.threads else ()
        return [
            *self.video, *(sound or ()), *rate, *threads, "-t", f"{limits.max_duration_seconds:g}",
            "-fs", str(limits.max_output_bytes), *self.container, f"file:{path}",
        ]  # fmt: skip

    def for_parts(self, first: Size) -> Target:
        """The same with a size that all parts are brought to: its own, or that of the first one."""
        size = self.sized(first).size
        return replace(self, width=size.width, height=size.height)
