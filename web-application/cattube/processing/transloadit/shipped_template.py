"""The template that comes with CatTube, made fit for engines other than ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

OURS_ALONE = "builtin:watermark"


def shipped_template(file: Path) -> dict[str, Any]:
    """The template in `file`, as our engine runs it."""
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


def made_portable(content: dict[str, Any], *, credentials: str, watermark_url: str) -> dict[str, Any]:
    """The same template for any engine.

    credentials: name under which that engine keeps the keys of the bucket.
    watermark_url: of a picture that it can fetch.
    """
    steps = {
        name: _portable(step, credentials=credentials, watermark_url=watermark_url)
        for name, step in content["steps"].items()
    }
    return {**content, "steps": steps}


def _portable(step: dict[str, Any], *, credentials: str, watermark_url: str) -> dict[str, Any]:
    changed = dict(step)
    if "credentials" in step:
        changed["credentials"] = credentials
    if step.get("watermark_url") == OURS_ALONE:
        changed["watermark_url"] = watermark_url
    return changed
