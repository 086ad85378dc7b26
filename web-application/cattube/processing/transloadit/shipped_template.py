"""Template that comes with CatTube, and its form for other engines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

# Only our engine has this picture.
BUILTIN_WATERMARK = "builtin:watermark"


def shipped_template(file: Path) -> dict[str, Any]:
    """Template in `file`, as our engine runs it."""
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


def portable_template(content: dict[str, Any], *, credentials: str, watermark_url: str) -> dict[str, Any]:
    """Template for any engine, made of ours.

    credentials: name under which that engine keeps the keys of the bucket.
    watermark_url: of a picture that it can fetch.
    """
    steps = {
        name: _portable_step(step, credentials=credentials, watermark_url=watermark_url)
        for name, step in content["steps"].items()
    }
    return {**content, "steps": steps}


def _portable_step(step: dict[str, Any], *, credentials: str, watermark_url: str) -> dict[str, Any]:
    changed = dict(step)
    if "credentials" in step:
        changed["credentials"] = credentials
    if step.get("watermark_url") == BUILTIN_WATERMARK:
        changed["watermark_url"] = watermark_url
    return changed
