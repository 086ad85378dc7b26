"""Videos as clients send them: a clip, its steps, and what the client sees until the end."""

from __future__ import annotations

import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from e2e.engine import Engine

from campaign.waiting import wait_for

FRAMES_PER_SECOND = 25
END_SECONDS = 300.0
_POLL_SECONDS = 0.2
_PIECE_BYTES, _PIECE_SECONDS = 64 * 1024, 0.1
_SMALL = {"robot": "/video/encode", "use": ":original", "preset": "hls/360p", "ffmpeg": {"preset": "medium"}}
# The encode of what somebody waits for, its ladder in the queue of batch work, and all of it stored.
STEPS: dict[str, Any] = {
    ":original": {"robot": "/upload/handle"},
    "small": {**_SMALL, "width": 320, "height": 180},
    "large": {
        "robot": "/video/encode",
        "use": ":original",
        "queue": "batch",
        "preset": "dash/480p-video",
        "width": 256,
        "height": 144,
    },
    "thumbnail": {"robot": "/video/thumbs", "use": "small", "queue": "batch", "count": 1, "format": "jpg"},
    "ladder": {
        "robot": "/video/adaptive",
        "use": {"steps": ["small", "large"], "bundle_steps": True, "group_by_original": True},
        "queue": "batch",
        "technique": "cmaf",
        "segment_duration": 1,
        "ffmpeg": {"single_file": True},
    },
    "exported": {
        "robot": "/backblaze/store",
        "use": [":original", "small"],
        "credentials": "cattube",
        "path": "videos/${assembly.id}/${previous_step.name}/${file.url_name}",
    },
    "streamed": {
        "robot": "/backblaze/store",
        "use": ["thumbnail", "ladder"],
        "queue": "batch",
        "credentials": "cattube",
        "path": "videos/${assembly.id}/${previous_step.name}/${file.meta.relative_path}/${file.name}",
    },
}
# Variants of the ladder.
VARIANTS = 2
_UNDER_WAY = ("ASSEMBLY_UPLOADING", "ASSEMBLY_EXECUTING")
ORDER = (*_UNDER_WAY, "ASSEMBLY_COMPLETED")


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


def make_clip(folder: Path, *, seconds: float) -> Clip:
    """A film that can be encoded while it arrives, and, if it is long enough, in parts."""
    path = folder / f"clip-{seconds:.1f}.mp4"
    noise = f"testsrc2=s=320x180:r={FRAMES_PER_SECOND}:d={seconds},noise=alls=12:allf=t"
    picture, sound = ["-f", "lavfi", "-i", noise], ["-f", "lavfi", "-i", f"sine=f=440:r=48000:d={seconds}"]
    video = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-g", "24", "-pix_fmt", "yuv420p"]
    coded = [*video, "-c:a", "aac", "-movflags", "+faststart"]
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", *picture, *sound, *coded, str(path)], check=True)
    return Clip(path, seconds)


@dataclass
class Video:
    """A video under way. states: as polls told them, each once; answers: of polls that were no status."""

    clip: Clip
    status: dict[str, Any]
    states: list[str] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    @property
    def id(self) -> str:
        return str(self.status["assembly_id"])

    @property
    def has_ended(self) -> bool:
        return str(self.status.get("ok")) not in _UNDER_WAY

    def wait_for_end(self) -> None:
        """Raises WaitedInVain."""
        wait_for(f"the end of Assembly {self.id}", lambda: self.has_ended, seconds=END_SECONDS)


def send_video(engine: Engine, clip: Clip, *, notify_url: str, slowly: bool = False) -> Video:
    """A video that is sent, and asked about, by threads that end with it. slowly: over some seconds."""
    instructions = {"steps": STEPS, "notify_url": notify_url}
    video = Video(clip, engine.create_assembly(instructions, expected_files=1))
    address = engine.create_upload(video.status, "cat.mp4", clip.size_bytes)
    threading.Thread(target=_send, args=(address, video, slowly), daemon=True).start()
    threading.Thread(target=_follow, args=(video,), daemon=True).start()
    return video


def _send(address: str, video: Video, slowly: bool) -> None:
    """Send all bytes. Where the engine goes away, ask it what came, and go on there, as clients do."""
    content, offset = video.clip.path.read_bytes(), 0
    headers = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}
    with httpx.Client(headers=headers, timeout=60) as client:
        while offset < len(content) and not video.has_ended:
            piece = content[offset:][: _PIECE_BYTES if slowly else None]
            try:
                answer = client.patch(address, headers={"Upload-Offset": str(offset)}, content=piece)
                is_taken = answer.status_code == 204
            except httpx.TransportError:
                is_taken = False
            offset = offset + len(piece) if is_taken else _offset(client, address, offset)
            if slowly:
                time.sleep(_PIECE_SECONDS)


def _offset(client: httpx.Client, address: str, last: int) -> int:
    """What came, by the engine; the last known where it does not answer."""
    time.sleep(_POLL_SECONDS)
    try:
        return int(client.head(address).headers.get("Upload-Offset", last))
    except httpx.TransportError:
        return last


def _follow(video: Video) -> None:
    """Note each state of the Assembly until its end. An engine that is away is asked again."""
    with httpx.Client(timeout=60) as client:
        while not video.has_ended:
            time.sleep(_POLL_SECONDS)
            try:
                answer = client.get(video.status["assembly_url"])
            except httpx.TransportError:
                continue
            if answer.status_code != 200:
                video.answers.append(answer.status_code)
                continue
            status = answer.json()
            state = str(status.get("ok") or status.get("error"))
            if not video.states or video.states[-1] != state:
                video.states.append(state)
            video.status = status
