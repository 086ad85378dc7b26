"""How good the watermarked video is, beside that of the naive chain at the same preset.

Scored once: the same encoder makes the same pictures every time. The mark itself is left out, which neither
has to look like the source.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import imageio_ffmpeg

from bench.commands import yardstick
from bench.row import Row, row_beside

# The mark lies above, and so does all that its edges touch.
BELOW_THE_MARK = "crop=in_w:in_h-160:0:160"
# Else ffmpeg converts what says nothing about its colours into those of what does, before it compares.
AS_STATED = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
POINTS_MORE, MOST_BYTES = 2, 1.0


def measure(ours: Path, source: Path, folder: Path, *, of: str = "busy pictures") -> list[Row]:
    """Score and size of `ours`, made of `source`. folder: for files on the way. of: what it shows."""
    yardstick("naive.sh", source, folder / "same-preset", "veryfast")
    naive = folder / "same-preset" / "watermarked.mp4"
    score, bytes_ = vmaf(naive, source, folder), naive.stat().st_size
    return [
        Row(
            name=f"VMAF of {of}, watermarked",
            ours=vmaf(ours, source, folder),
            reference=score,
            unit="points",
            limit=score + POINTS_MORE,
            bar=f"{POINTS_MORE} more than a chain at the same preset",
            more_is_better=True,
        ),
        row_beside(
            f"size of {of}, watermarked",
            ours.stat().st_size / 1e6,
            bytes_ / 1e6,
            factor=MOST_BYTES,
            beside="that of a chain at the same preset",
            unit="MB",
        ),
    ]


def vmaf(video: Path, source: Path, folder: Path) -> float:
    """The mean score of all frames, from 0 to 100. folder: gets the scorer's log."""
    # Of the wheel, whatever encodes: distributions build ffmpeg without libvmaf.
    scorer = imageio_ffmpeg.get_ffmpeg_exe()
    seen = f"[0:v]{AS_STATED},setpts=PTS-STARTPTS,{BELOW_THE_MARK}[seen]"
    scaled = f"{AS_STATED},scale=1280:720,format=yuv420p"
    meant = f"[1:v]{scaled},setpts=PTS-STARTPTS,{BELOW_THE_MARK}[meant]"
    graph = f"{seen};{meant};[seen][meant]libvmaf=log_fmt=json:log_path=vmaf.json:n_threads=2"
    argv = [scorer, "-nostdin", "-v", "error", "-i", str(video), "-i", str(source)]
    subprocess.run([*argv, "-lavfi", graph, "-f", "null", "-"], cwd=folder, check=True)
    scores = json.loads((folder / "vmaf.json").read_text())
    return float(scores["pooled_metrics"]["vmaf"]["mean"])
