"""The steps of each video, which the engine keeps as a template; the web app knows their names."""

from __future__ import annotations

from typing import Any

import httpx
from e2e.engine import Engine, signed_form

_SMALL = {"robot": "/video/encode", "use": ":original", "preset": "hls/360p", "ffmpeg": {"preset": "medium"}}
# The encode of what somebody waits for, its ladder in the queue of batch work, and all of it stored.
STEPS: dict[str, Any] = {
    ":original": {"robot": "/upload/handle"},
    "watermarked": {**_SMALL, "width": 320, "height": 180},
    "large": {
        "robot": "/video/encode",
        "use": ":original",
        "queue": "batch",
        "preset": "dash/480p-video",
        "width": 256,
        "height": 144,
    },
    "thumbnail": {
        "robot": "/video/thumbs",
        "use": "watermarked",
        "queue": "batch",
        "count": 1,
        "format": "jpg",
    },
    "hls": {
        "robot": "/video/adaptive",
        "use": {"steps": ["watermarked", "large"], "bundle_steps": True, "group_by_original": True},
        "queue": "batch",
        "technique": "cmaf",
        "segment_duration": 1,
        "ffmpeg": {"single_file": True},
    },
    "exported": {
        "robot": "/backblaze/store",
        "use": [":original", "watermarked"],
        "credentials": "cattube",
        "path": "${previous_step.name}/${fields.folder}/${file.url_name}",
    },
    "streamed": {
        "robot": "/backblaze/store",
        "use": ["thumbnail", "hls"],
        "queue": "batch",
        "credentials": "cattube",
        "path": "${previous_step.name}/${fields.folder}/${file.meta.relative_path}/${file.name}",
    },
}
# Variants of the ladder.
VARIANTS = 2


def store_steps(engine: Engine, name: str) -> None:
    """Have the engine know the steps by that name."""
    form = signed_form({"name": name, "template": {"steps": STEPS}}, expected_files=0)
    httpx.post(f"{engine.address}/templates", data=form).raise_for_status()
