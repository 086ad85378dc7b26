"""Clips for the browser tests, made by ffmpeg when a test first needs them."""

from __future__ import annotations

import subprocess
from pathlib import Path


def make_full_hd_clip(target: Path, *, seconds: int = 10) -> Path:
    """A 1080p clip with moving pictures and a tone, about 1 MB a second, index at the end as phones do."""
    run_ffmpeg(
        ["-f", "lavfi", "-i", f"testsrc2=s=1920x1080:r=30:d={seconds}"],
        ["-f", "lavfi", "-i", f"sine=f=440:r=48000:d={seconds}"],
        ["-vf", "noise=alls=6:allf=t,format=yuv420p"],
        ["-c:v", "libx264", "-preset", "ultrafast", "-b:v", "8M", "-maxrate", "8M", "-bufsize", "8M"],
        ["-c:a", "aac", "-shortest", "-f", "mp4", str(target)],
    )
    return target


def make_noisy_clip(target: Path, *, seconds: int = 3) -> Path:
    """A 1080p clip of snow, about 9 MB a second: many bytes that take little time to make."""
    run_ffmpeg(
        ["-f", "lavfi", "-i", f"testsrc2=s=1920x1080:r=8:d={seconds}"],
        ["-f", "lavfi", "-i", f"sine=f=440:r=48000:d={seconds}"],
        ["-vf", "noise=alls=60:allf=t,format=yuv420p"],
        ["-c:v", "libx264", "-preset", "ultrafast", "-b:v", "72M", "-maxrate", "72M", "-bufsize", "24M"],
        ["-c:a", "aac", "-shortest", "-f", "mp4", str(target)],
    )
    return target


def frame(source: Path, *, at_seconds: float, width: int, height: int) -> bytes:
    """One decoded frame as packed RGB bytes, scaled to width x height."""
    return run_ffmpeg(
        ["-ss", f"{at_seconds}", "-i", str(source), "-frames:v", "1"],
        ["-vf", f"scale={width}:{height}", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"],
    )


def run_ffmpeg(*groups: list[str]) -> bytes:
    argv = ["ffmpeg", "-nostdin", "-v", "error", "-y", *(word for group in groups for word in group)]
    return subprocess.run(argv, check=True, capture_output=True).stdout
