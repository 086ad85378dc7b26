"""What the status of an Assembly says about a result that counts, and is not all that people expect."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ..conftest import TestEngine
from ..ffmpeg.conftest import clip
from ..ffmpeg.strange.clips import cut

__all__ = ["clip"]  # the clips of the tests with ffmpeg, for those here

pytestmark = pytest.mark.ffmpeg

TEMPLATE = Path(__file__).parents[3] / "contract" / "templates" / "cattube.json"
STEPS: dict[str, Any] = json.loads(TEMPLATE.read_text())["steps"]


def test_m58_status_says_once_that_a_recording_ends_early(engine: TestEngine, clip: Any) -> None:
    """Two jobs of the template work on the file, and both notice it."""
    names = (":original", "resized", "watermarked", "over_360p", "360p", "480p", "over_480p")
    assembly = engine.assembly(steps={name: STEPS[name] for name in names})
    movie = bytes(cut(0.6)(bytearray(clip("broad.mkv").read_bytes())))
    engine.upload(assembly, movie, filename="cat.mkv")

    engine.work()

    status = engine.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    (warning,) = status["warnings"]
    assert warning["level"] == "warning"
    assert warning["msg"].startswith('"cat.mkv" ends early: only ')
    assert "360p" in status["results"]
