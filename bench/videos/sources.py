"""The videos that are measured with, made anew for each measurement."""

from __future__ import annotations

import subprocess
from pathlib import Path

from bench.commands import YARDSTICKS
from bench.videos.ffmpeg import run_ffmpeg

LOOPED_SECONDS, LOOPS = 20, 30


def busy_source(folder: Path) -> Path:
    """Twelve seconds of 1080p that are hard to encode, index at the end as phones leave it."""
    subprocess.run([str(YARDSTICKS / "source.sh"), str(folder)], check=True)
    return folder / "source.mp4"


def with_index_first(source: Path) -> Path:
    """The same with its index at the front."""
    target = source.with_name("index-first.mp4")
    run_ffmpeg("-i", str(source), "-c", "copy", "-movflags", "+faststart", str(target))
    return target


def fitting_source(folder: Path) -> Path:
    """Ten minutes of 720p that already are what the preset would make, index at the end."""
    piece, target = folder / "piece.mp4", folder / "fitting.mp4"
    run_ffmpeg(
        *("-f", "lavfi", "-i", f"testsrc2=s=1280x720:r=30:d={LOOPED_SECONDS}"),
        *("-f", "lavfi", "-i", f"sine=f=440:r=48000:d={LOOPED_SECONDS}"),
        *("-vf", "noise=alls=6:allf=t,format=yuv420p"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "high", "-g", "60"),
        *("-b:v", "2500k", "-maxrate", "2500k", "-bufsize", "2500k"),
        *("-c:a", "aac", "-b:a", "128k", str(piece)),
    )
    loop = ("-stream_loop", str(LOOPS - 1), "-i", str(piece), "-t", str(LOOPED_SECONDS * LOOPS))
    run_ffmpeg(*loop, "-c", "copy", str(target))
    return target


def long_source(folder: Path, *, seconds: int) -> Path:
    """So many seconds of 1080p without sound, thirty even frames a second."""
    piece, target = folder / "piece.mp4", folder / "long.mp4"
    run_ffmpeg(
        *("-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=30:d=5"),
        *("-vf", "noise=alls=6:allf=t,format=yuv420p"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-g", "60", str(piece)),
    )
    run_ffmpeg("-stream_loop", str(seconds // 5 - 1), "-i", str(piece), "-c", "copy", str(target))
    return target


def index_of(source: Path) -> tuple[int, bytes]:
    """Where the `moov` box lies, and what it is. Raises RuntimeError when there is none."""
    movie, place = source.read_bytes(), 0
    while (kind := movie[place + 4 : place + 8]) != b"moov":
        size_bytes = int.from_bytes(movie[place : place + 4])
        place += int.from_bytes(movie[place + 8 : place + 16]) if size_bytes == 1 else size_bytes
        if not kind:
            raise RuntimeError(f"there is no index in {source}")
    return place, movie[place : place + int.from_bytes(movie[place : place + 4])]
