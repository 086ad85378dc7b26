"""Masking of secrets in the instructions that a status shows: an assembly's id is enough to read it."""

from __future__ import annotations

import json
from typing import Any

SECRET_PARAMETERS = ("secret", "app_key", "session_token", "headers")
MASK = "***"


def without_secrets(text: str | None) -> str | None:
    """Instructions as JSON text, with the secrets of their steps masked.

    Without secrets the text stays the same to the letter, because signatures are made over it. Headers count
    as secrets: imports carry tokens in them.
    """
    if text is None or not any(f'"{name}"' in text for name in SECRET_PARAMETERS):
        return text
    document = json.loads(text)
    steps = document.get("steps") if isinstance(document, dict) else None
    if not isinstance(steps, dict):
        return text
    return json.dumps(document | {"steps": {name: _masked(step) for name, step in steps.items()}})


def _masked(step: Any) -> Any:
    if not isinstance(step, dict):
        return step
    return {name: MASK if name in SECRET_PARAMETERS and value else value for name, value in step.items()}
