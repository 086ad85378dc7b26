"""What clients and operators hear of captions, on an engine that has no model for them."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import pytest

from cattube_worker.media.speech.model import SpeechModel

from ..conftest import TestEngine, open_test_engine

STEPS = {
    ":original": {"robot": "/upload/handle"},
    "transcribed": {"robot": "/speech/transcribe", "use": ":original", "format": "webvtt"},
}


def silence() -> bytes:
    """A WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16_000))
    return buffer.getvalue()


def test_m94_health_tells_what_is_missing_and_the_engine_is_well(engine: TestEngine) -> None:
    """M94"""
    health = engine.client.get("/healthz").get_json()

    assert health["captions"]["model"] == "small"
    assert 'no model "small"' in health["captions"]["missing"]
    assert "captions" not in health["degraded"]


def test_health_tells_that_captions_can_be_made(tmp_path: Path) -> None:
    model = tmp_path / "a-model"
    model.mkdir()
    (model / "model.bin").write_bytes(b"weights")
    engine = open_test_engine(tmp_path, captions_model=model)

    health = engine.client.get("/healthz").get_json()
    engine.close()

    assert health["captions"] == {"model": "a-model", "missing": None, "elsewhere": False}


def test_health_tells_that_another_host_may_make_captions_d95(tmp_path: Path) -> None:
    """D95"""
    engine = open_test_engine(tmp_path, broker_url="amqp://guest:guest@127.0.0.1:1//", host_name="roof")

    health = engine.client.get("/healthz").get_json()
    engine.close()

    assert health["captions"]["elsewhere"] is True


@pytest.mark.parametrize(
    ("is_installed", "advice"), [(True, "Set CAPTIONS_DOWNLOAD=true"), (False, "requirements/captions.txt")]
)
def test_m94_assembly_that_asks_for_captions_is_told_what_to_install(
    engine: TestEngine, is_installed: bool, advice: str
) -> None:
    """M94"""
    if not is_installed:
        model = SpeechModel(name="small", folder=engine.settings.models_dir, packages=())
        object.__setattr__(engine.parts.files.resources, "speech_model", model)
    assembly = engine.assembly(steps=STEPS)
    engine.upload(assembly, silence(), filename="cat.wav")

    engine.work()

    status = engine.status(assembly)
    assert status["error"] == "INTERNAL_COMMAND_ERROR"
    assert status["step"] == "transcribed"
    assert advice in status["message"]
    assert not engine.settings.models_dir.exists()
