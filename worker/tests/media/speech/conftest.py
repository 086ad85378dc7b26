"""A sound, and in the place of the recogniser a few lines of Python that run where it would."""

from __future__ import annotations

import threading
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.tools import Tools, find_tools
from cattube_worker.media.speech.model import SpeechModel, package_folders
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.input_files import InputFile
from cattube_worker.storage import Stores

MakeModel = Callable[..., SpeechModel]
MakeWorkspace = Callable[..., Workspace]

# Enough of the interface of faster-whisper for our program. `heard` tells pieces, as it would.
PACKAGE = """
from types import SimpleNamespace

class WhisperModel:
    def __init__(self, folder, **options):
        self.model = SimpleNamespace(is_multilingual={is_multilingual})

    def transcribe(self, part, language=None, **options):
        return heard(part, language), SimpleNamespace(language=language or "en")

def piece(*words):
    words = [SimpleNamespace(word=word, start=start, end=end) for word, start, end in words]
    return SimpleNamespace(end=words[-1].end, words=words)

def heard(part, language):
{body}
"""
VAD = """
from types import SimpleNamespace as VadOptions

def get_speech_timestamps(part, options):
    return [{{}}] if {somebody_speaks} else []
"""


@pytest.fixture
def model(tmp_path: Path) -> MakeModel:
    """Makes a model of the lines that hear: a generator's, with `piece` for what it yields."""

    def make(*lines: str, is_multilingual: bool = True, somebody_speaks: bool = True) -> SpeechModel:
        package = tmp_path / "site-packages" / "faster_whisper"
        package.mkdir(parents=True)
        body = "\n".join(f"    {line}" for line in lines)
        (package / "__init__.py").write_text(PACKAGE.format(is_multilingual=is_multilingual, body=body))
        (package / "vad.py").write_text(VAD.format(somebody_speaks=somebody_speaks))
        folder = tmp_path / "models" / "tiny"
        folder.mkdir(parents=True)
        (folder / "model.bin").write_bytes(b"weights")
        return SpeechModel(name="tiny", folder=folder.parent, packages=[package.parent, *package_folders()])

    return make


@pytest.fixture(scope="session")
def tools() -> Tools:
    return find_tools()


@pytest.fixture
def workspace(tmp_path: Path, tools: Tools) -> MakeWorkspace:
    """Makes a workspace with that model."""
    folder = tmp_path / "job"
    folder.mkdir()

    def make(
        model: SpeechModel | None,
        *,
        limits: Limits | None = None,
        stop: threading.Event | None = None,
        report: Callable[[float], None] = lambda share: None,
        warn: Callable[[str], None] = lambda message: None,
    ) -> Workspace:
        return Workspace(
            folder=folder,
            tools=tools,
            limits=limits or Limits(),
            report=report,
            stop=stop or threading.Event(),
            stores=Stores({}),
            warn=warn,
            speech_model=model,
        )

    return make


@pytest.fixture
def sound(tmp_path: Path) -> InputFile:
    """Two seconds of a sound."""
    path = tmp_path / "cat.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\x00\x10\x00\xf0" * 8000)
    meta = {"num_audio_streams": 1, "audio_channels": 1, "duration": 2.0}
    return InputFile(path=path, name="cat.wav", basename="cat", ext="wav", type="audio", meta=meta)
