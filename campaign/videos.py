"""Videos as clients send them, and what the client sees until the end."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
from e2e.engine import Engine

from campaign.clips import Clip
from campaign.uploader import Uploader
from campaign.waiting import wait_for

END_SECONDS = 300.0
_POLL_SECONDS = 0.2
_PIECE_BYTES, _PIECE_SECONDS = 64 * 1024, 0.1
_UNDER_WAY = ("ASSEMBLY_UPLOADING", "ASSEMBLY_EXECUTING")
ORDER = (*_UNDER_WAY, "ASSEMBLY_COMPLETED")


@dataclass
class Video:
    """A video under way. record_id: of its record in the web app.

    states: as polls told them, each once; answers: of polls that were no status.
    """

    record_id: str
    clip: Clip
    status: dict[str, Any]
    states: list[str] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    @property
    def id(self) -> str:
        return str(self.status["assembly_id"])

    @property
    def folder(self) -> str:
        """Name in the keys of all that is stored of it."""
        return str(self.status["fields"]["folder"])

    @property
    def has_ended(self) -> bool:
        return str(self.status.get("ok")) not in _UNDER_WAY

    def wait_for_end(self) -> None:
        """Raises WaitedInVain."""
        wait_for(f"the end of Assembly {self.id}", lambda: self.has_ended, seconds=END_SECONDS)


def send_video(uploader: Uploader, engine: Engine, clip: Clip, *, slowly: bool = False) -> Video:
    """A video that is sent, and asked about, by threads that end with it. slowly: over some seconds."""
    made = uploader.announce(title=clip.path.stem, size_bytes=clip.size_bytes)
    video = Video(made["video"]["id"], clip, _create_assembly(made["assembly"]))
    address = engine.create_upload(video.status, "cat.mp4", clip.size_bytes)
    threading.Thread(target=_send, args=(address, video, slowly), daemon=True).start()
    threading.Thread(target=_follow, args=(video,), daemon=True).start()
    return video


def _create_assembly(options: dict[str, Any]) -> dict[str, Any]:
    """The first status of an Assembly by the options that the web app has signed."""
    form = {name: options[name] for name in ("params", "signature")} | {"num_expected_upload_files": "1"}
    answer = httpx.post(f"{options['service']}/assemblies", data=form, timeout=60)
    answer.raise_for_status()
    status: dict[str, Any] = answer.json()
    return status


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
