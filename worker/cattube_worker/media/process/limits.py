"""Limits on an input, and on the processes that work on it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits for one input and the work on it.

    max_output_bytes: per file ffmpeg writes. max_memory_bytes: address space of one ffmpeg, which is
    several times what it really uses. stall_seconds: time without progress after which ffmpeg is ended.
    threads: of one codec; 0 leaves it to ffmpeg. processors: how many there are to share; 0 when unknown.
    niceness: of the processes, up to 19.
    """

    max_upload_bytes: int = 8 * 2**30
    max_pixels: int = 50_000_000
    max_duration_seconds: float = 4 * 3600
    max_streams: int = 64
    max_output_bytes: int = 16 * 2**30
    max_memory_bytes: int = 6 * 2**30
    wall_clock_seconds: float = 8 * 3600
    stall_seconds: float = 10 * 60
    probe_seconds: float = 30
    threads: int = 0
    processors: int = 0
    niceness: int = 5
