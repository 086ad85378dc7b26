"""Running ffmpeg, for what a measurement needs before it begins."""

from __future__ import annotations

import subprocess


def run_ffmpeg(*arguments: str) -> None:
    """Run it; what it would write over is written over. Raises CalledProcessError."""
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *arguments], check=True)
