"""Template that comes with CatTube, and its form for other engines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Only our engine has this picture.
BUILTIN_WATERMARK = "builtin:watermark"
# The second name in the keys of objects. The service wants money for what is computed, and to it the fields
# of a form come before signed ones. So another name follows, which no uploader chooses: nobody writes over
# the objects in another's folder (D47).
FOLDER = "${fields.folder || assembly.id}"
PORTABLE_FOLDER = "${fields.folder}/${unique_original_prefix}"


def shipped_template(file: Path) -> dict[str, Any]:
    """Template in `file`, as our engine runs it."""
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


def steps_that_tell_the_id(content: Mapping[str, Any]) -> list[str]:
    """Names of the steps of a template that store under the id of their Assembly, and not in our folder."""
    steps = content.get("steps")
    return [
        name
        for name, step in (steps.items() if isinstance(steps, dict) else ())
        if isinstance(step, dict)
        and str(step.get("robot")).endswith("/store")
        and "fields.folder" not in str(step.get("path"))
    ]


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
    if "path" in step:
        changed["path"] = step["path"].replace(FOLDER, PORTABLE_FOLDER)
    if step.get("watermark_url") == BUILTIN_WATERMARK:
        changed["watermark_url"] = watermark_url
    return changed
