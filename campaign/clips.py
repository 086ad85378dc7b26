"""Clips that are sent in rounds, made by ffmpeg."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

FRAMES_PER_SECOND = 25
LONG_SECONDS, SHORT_SECONDS = 2.4, 1.2


@dataclass(frozen=True)
class Clip:
    """A clip whose frames are too different to be small: it takes a while to arrive."""

    path: Path
    seconds: float

    @property
    def frames(self) -> int:
        return round(self.seconds * FRAMES_PER_SECOND)

    @property
    def size_bytes(self) -> int:
        return self.path.stat().st_size


@dataclass(frozen=True)
class Clips:
    """Two of unlike length. long: is encoded in parts."""

    short: Clip
    long: Clip


def make_clips(folder: Path) -> Clips:
    """Both clips, as files in the folder."""
    return Clips(_make_clip(folder, seconds=SHORT_SECONDS), _make_clip(folder, seconds=LONG_SECONDS))


def _make_clip(folder: Path, *, seconds: float) -> Clip:
    """A film that can be encoded while it arrives, and, if it is long enough, in parts."""
    path = folder / f"clip-{seconds:.1f}.mp4"
    noise = f"testsrc2=s=320x180:r={FRAMES_PER_SECOND}:d={seconds},noise=alls=12:allf=t"
    picture, sound = ["-f", "lavfi", "-i", noise], ["-f", "lavfi", "-i", f"sine=f=440:r=48000:d={seconds}"]
    video = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-g", "24", "-pix_fmt", "yuv420p"]
    coded = [*video, "-c:a", "aac", "-movflags", "+faststart"]
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", *picture, *sound, *coded, str(path)], check=True)
    return Clip(path, seconds)
