"""Movies that are sent in steps, and what was made of them."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Mapping
from typing import Any

from ...conftest import TestEngine
from ...server.conftest import wait_until
from .conftest import STEPS


def begin(engine: TestEngine, movie: bytes, filename: str = "cat.mp4") -> tuple[dict[str, Any], str]:
    """An assembly and its upload, which was offered with its first byte."""
    assembly = engine.assembly(steps=STEPS)
    upload = engine.open_upload(assembly, len(movie), filename=filename)
    assert engine.patch(upload, movie[:1]).status_code == 204
    return assembly, upload


def go_on(
    engine: TestEngine,
    upload: str,
    movie: bytes,
    encoder: threading.Thread,
    *,
    start: int = 1,
    until: int | None = None,
) -> None:
    """Send the bytes from `start` on; the later half when the upload is being encoded."""
    half = start + (len(movie) - start) // 2
    assert engine.patch(upload, movie[start:half], start).status_code == 204
    wait_until(lambda: engine.streaming.knows(id_of(upload)) or not encoder.is_alive())
    assert engine.patch(upload, movie[half:until], half).status_code == 204


def id_of(upload: str) -> str:
    return upload.rpartition("/")[2]


def packets(engine: TestEngine, status: Mapping[str, Any]) -> dict[str, str]:
    """The digests of the streams of each step's only result.

    Not of a whole film: the order of its packets differs between two runs of ffmpeg now and then.
    """
    results = {step: files[0] for step, files in status["results"].items()}
    return {
        step: stream_digests(engine.content(file)) if file["mime"] == "video/mp4" else file["md5hash"]
        for step, file in results.items()
    }


def stream_digests(film: bytes) -> str:
    command = ["ffmpeg", "-v", "error", "-i", "pipe:0", "-map", "0", "-c", "copy", "-f", "streamhash", "-"]
    return subprocess.run(command, input=film, check=True, capture_output=True).stdout.decode()


def shapes(status: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    """Properties of the only result of every step. Not its digest: decoding may differ from run to run."""
    keys = ("width", "height", "duration", "num_audio_streams", "video_codec")
    return {
        step: (files[0]["name"], files[0]["mime"], *(files[0]["meta"].get(key) for key in keys))
        for step, files in status["results"].items()
    }


def encoded_whole(engine: TestEngine, movie: bytes, filename: str = "cat.mp4") -> dict[str, Any]:
    """The status after an encode of the whole file."""
    assembly = engine.assembly(steps=STEPS)
    engine.upload(assembly, movie, filename=filename)
    engine.streaming.take()
    engine.work()
    return engine.status(assembly)
