"""What a status may show of the instructions: knowing an Assembly's id is enough to read it."""

from __future__ import annotations

import json
from typing import Any

SECRET_PARAMETERS = ("secret", "app_key", "session_token", "headers")
MASK = "***"


def without_secrets(text: str | None) -> str | None:
    """Instructions as JSON text, with the secrets that steps carry masked.

    Unchanged to the letter when there are none, since signatures and receivers go by the text. Headers count,
    because that is where imports carry tokens.
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
