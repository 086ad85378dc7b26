"""Assembly Statuses as the engine sends them, cut to what the site reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings

from cattube.processing.transloadit.signature import sign
from cattube.videos.models import Video

NOTIFICATION_URL = "/notifications/transloadit"
ASSEMBLY_ID = "0123456789abcdef0123456789abcdef"
OTHER_ASSEMBLY_ID = "f" * 32
OBJECT_BYTES = bytes(range(256)) * 4
FILES = {
    ":original": ("cat.mp4", "video/mp4", {"width": 1920, "height": 1080, "duration": 12.5}),
    "resized": ("cat.mp4", "video/mp4", {"width": 1280, "height": 720, "duration": 12.5}),
    "watermarked": ("cat.mp4", "video/mp4", {"width": 1280, "height": 720, "duration": 12.5}),
    "thumbnail": ("cat_0.jpg", "image/jpeg", {"width": 640, "height": 360}),
}

# What comes of the file after it can be watched.
LADDER = {
    "storyboard": ("tiles.jpg", "image/jpeg", {"width": 1600, "height": 900}),
    "1080p": ("cat.mp4", "video/mp4", {"width": 1920, "height": 1080, "duration": 12.5}),
}
STREAM = ("1080p.mp4", "1080p.m3u8", "720p.mp4", "720p.m3u8", "playlist.m3u8")


def status_of(
    video: Video, *, attempt: int | None = None, assembly_id: str = ASSEMBLY_ID, **fields: Any
) -> dict[str, Any]:
    """The status of the Assembly that carries `video`; `fields` says where it stands."""
    signed = {"video": video.pk, "attempt": attempt or video.attempt, "folder": video.folder}
    return {
        "assembly_id": assembly_id,
        "http_code": 200,
        "params": json.dumps({"auth": {"key": "k"}, "template_id": "cattube", "fields": signed}),
        "fields": {"video": "forged_by_m"},
        "bytes_received": 0,
        "bytes_expected": 0,
        "uploads": [],
        "results": {},
        **fields,
    }


def uploading_status(video: Video, *, received: int = 50, expected: int = 100, **more: Any) -> dict[str, Any]:
    sizes = {"bytes_received": received, "bytes_expected": expected}
    return status_of(video, ok="ASSEMBLY_UPLOADING", **{**sizes, **more})


def executing_status(video: Video, *, percent: float = 40, **more: Any) -> dict[str, Any]:
    return status_of(video, ok="ASSEMBLY_EXECUTING", progress_combined=percent, **more)


def published_status(video: Video, *more_steps: str, **more: Any) -> dict[str, Any]:
    """The Assembly is still at work, and has stored all of FILES and results of `more_steps`."""
    assembly_id = more.get("assembly_id", ASSEMBLY_ID)
    results = {step: [result_of(step, assembly_id)] for step in (*FILES, *more_steps)}
    improving = {"percent": 7, "execution_phase": "improving", "results": results}
    return executing_status(video, **{**improving, **more})


def ladder_status(video: Video, **more: Any) -> dict[str, Any]:
    """All is done: what `published_status` has, the ladder and a stream of it."""
    assembly_id = more.get("assembly_id", ASSEMBLY_ID)
    results = {step: [result_of(step, assembly_id)] for step in (*FILES, *LADDER)}
    stream = [stored("hls", name, assembly_id) for name in STREAM]
    return completed_status(video, **{"results": {"hls": stream, **results}, **more})


def completed_status(video: Video, **more: Any) -> dict[str, Any]:
    assembly_id = more.get("assembly_id", ASSEMBLY_ID)
    results = {step: [result_of(step, assembly_id)] for step in FILES}
    return status_of(video, ok="ASSEMBLY_COMPLETED", **{"results": results, **more})


def failed_status(video: Video, error: str = "INVALID_INPUT_ERROR", **more: Any) -> dict[str, Any]:
    return status_of(video, error=error, message="cat.mp4 is not a video we can read", **more)


def result_of(step: str, assembly_id: str = ASSEMBLY_ID) -> dict[str, Any]:
    name, mime, meta = {**FILES, **LADDER}[step]
    return {**stored(step, name, assembly_id), "mime": mime, "meta": meta}


def stored(step: str, name: str, assembly_id: str = ASSEMBLY_ID) -> dict[str, Any]:
    """The entry of a file that lies in the bucket, whatever it is."""
    url = f"http://127.0.0.1:5678/files/{quote(f'{step}/{assembly_id}/{name}')}?expires=1&signature=ab"
    return {"id": "a" * 32, "name": name, "size": 1024, "url": url, "ssl_url": url}


def notification(status: dict[str, Any] | str) -> dict[str, str]:
    """The form the engine posts, signed."""
    text = status if isinstance(status, str) else json.dumps(status)
    return {"transloadit": text, "signature": sign(text, secret=settings.TRANSLOADIT_SECRET)}


def put_objects(status: dict[str, Any]) -> list[Path]:
    """Put the results of `status` into the bucket; where they lie."""
    paths = [
        Path(settings.BUCKET_FOLDER) / step / status["assembly_id"] / result["name"]
        for step, results in status["results"].items()
        for result in results
    ]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(OBJECT_BYTES)
    return paths


def objects_in_bucket() -> list[str]:
    folder = Path(settings.BUCKET_FOLDER)
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
