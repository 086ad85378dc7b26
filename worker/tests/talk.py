"""Minutes of speech, for tests in which a transcription has to be under way for a while."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from servers.speech import speak

from .conftest import UPLOAD_ONLY

TRANSCRIPTION: dict[str, Any] = {**UPLOAD_ONLY, "text": {"robot": "/speech/transcribe", "use": ":original"}}


def minutes_of_talk(folder: Path) -> bytes:
    """A sound in which one sentence is said for some minutes. It takes longer to recognise than a ladder."""
    voice, sound = speak("The cat is sleeping on the sofa.", folder / "voice.wav"), folder / "talk.m4a"
    argv = ["ffmpeg", "-v", "error", "-nostdin", "-stream_loop", "100", "-i", str(voice), str(sound)]
    subprocess.run(argv, check=True)
    return sound.read_bytes()
