"""One file through an Assembly of its own, to the Assembly's end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from e2e.engine import POLL_SECONDS, Engine

from bench.videos.sending import send


def run_assembly(
    engine: Engine, instructions: dict[str, Any], source: Path, *, poll_seconds: float = POLL_SECONDS
) -> float:
    """Have the engine do with a file what the instructions say; the moment of its last byte.

    Returns when all is done. Raises RuntimeError when the Assembly ends otherwise.
    """
    status = engine.create_assembly(instructions, expected_files=1)
    last_byte = send(engine.create_upload(status, source.name, source.stat().st_size), source)
    engine.wait_until_finished(status, poll_seconds=poll_seconds)
    return last_byte
