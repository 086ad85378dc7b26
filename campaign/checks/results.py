"""One video at its end: as its client saw it, and as it lies in the bucket."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from campaign.checks.course import is_forward
from campaign.site import Site
from campaign.steps import VARIANTS
from campaign.videos import ORDER, Video

_PLAYLIST = "hls/playlist.m3u8"
_TRACKS = [f"hls/{name}{ending}" for name in ("144p", "180p", "sound") for ending in (".m3u8", ".mp4")]
_OBJECTS = {
    *(":original/cat.mp4", "watermarked/cat.mp4", "thumbnail/cat.jpg"),
    *(_PLAYLIST, "hls/playlist.mpd", *_TRACKS),
}
_COUNTED = ["-v", "error", "-count_frames", "-select_streams", "v", "-show_entries", "stream=nb_read_frames"]
_FRAMES = [*_COUNTED, "-of", "csv=p=0"]


def breaches(site: Site, video: Video) -> Iterator[str]:
    """What is wrong with the video, which has ended."""
    if video.status.get("ok") != ORDER[-1]:
        yield f"the Assembly ended with {video.status.get('error')}: {video.status.get('message')}"
        return
    yield from _seen(video)
    with TemporaryDirectory(prefix="cattube-campaign-") as name:
        yield from _stored(site, video, Path(name))


def _seen(video: Video) -> Iterator[str]:
    if not is_forward(video.states, ORDER):
        yield f"its state went {' → '.join(video.states)}"
    if video.answers:
        yield f"polls were answered {sorted(set(video.answers))}"


def _stored(site: Site, video: Video, folder: Path) -> Iterator[str]:
    steps = sorted({name.partition("/")[0] for name in _OBJECTS})
    paths = [
        path for step in steps for path in site.bucket.fetch_below(f"{step}/{video.folder}/", folder / step)
    ]
    names = {str(path.relative_to(folder)) for path in paths}
    if names != _OBJECTS:
        yield f"stored besides: {sorted(names - _OBJECTS)}, not stored: {sorted(_OBJECTS - names)}"
        return
    if _sha256(folder / ":original/cat.mp4") != _sha256(video.clip.path):
        yield "the stored original is not what was sent"
    yield from _frames(folder / "watermarked/cat.mp4", video.clip.frames, streams=1)
    yield from _frames(folder / _PLAYLIST, video.clip.frames, streams=VARIANTS)


def _frames(path: Path, frames: int, *, streams: int) -> Iterator[str]:
    allowed = ["-allowed_extensions", "ALL"] if path.suffix == ".m3u8" else []
    done = subprocess.run(["ffprobe", *_FRAMES, *allowed, path], capture_output=True, text=True, check=False)
    # Programs of HLS are listed as well as streams: each twice.
    counts = [int(number) for number in done.stdout.replace(",", " ").split() if number.isdigit()]
    if done.stderr or len(counts) < streams or set(counts) != {frames}:
        yield f"{path.name} has {counts} frames, not {frames}: {done.stderr.strip()[:300]}"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
