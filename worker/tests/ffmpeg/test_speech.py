"""Real speech through the real recogniser: the words are found, at the second where they are spoken."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from servers.speech import MODEL, talk

from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.media.speech.model import SpeechModel
from cattube_worker.media.subtitles.reading import read_cues

from ..conftest import UPLOAD_ONLY, open_test_engine
from .conftest import ffmpeg

if TYPE_CHECKING:
    from tests.ffmpeg.conftest import Bench, Clip

pytestmark = pytest.mark.ffmpeg

SENTENCES = ((1.0, "The cat is sleeping on the sofa."), (7.0, "Tomorrow we will travel to London."))
# Where each of these words begins, as somebody hears who listens to it.
SPOKEN_AT = {"cat": 1.2, "sofa": 2.6, "tomorrow": 7.1, "london": 8.7}
SECONDS = 11.0
TOLERANCE_SECONDS = 1.0


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A video in which two sentences are said, its sound half a second late in the file."""
    folder = tmp_path_factory.mktemp("speech")
    sound = talk([(start - 0.5, text) for start, text in SENTENCES], folder / "talk.wav", seconds=SECONDS)
    pictures = ("-f", "lavfi", "-i", f"testsrc2=s=160x90:r=5:d={SECONDS}")
    encode = ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac")
    ffmpeg(
        *pictures, "-itsoffset", "0.5", "-i", sound, "-map", "0", "-map", "1", *encode, folder / "talk.mkv"
    )
    return folder / "talk.mkv"


@pytest.fixture
def speaking_bench(bench: Bench) -> Bench:
    return replace(bench, speech_model=SpeechModel(name=str(MODEL), folder=bench.folder / "models"))


def transcribed(bench: Bench, path: Path, **parameters: Any) -> list[AssemblyFile]:
    steps = {"made": {"robot": "/speech/transcribe", **parameters}}
    return [file for file in bench.run(steps, bench.upload(path)) if file.step == "made"]


def text_of(file: AssemblyFile) -> str:
    assert file.path is not None
    return file.path.read_text(encoding="utf-8")


def begins(words: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Where each word begins, without its punctuation."""
    return {word["text"].strip(".,!?").lower(): word["startTime"] for word in words}


def test_m90_words_are_found_at_the_second_where_they_are_spoken(speaking_bench: Bench, spoken: Path) -> None:
    """M90: also where the sound begins later than the pictures, and after a pause."""
    (file,) = transcribed(speaking_bench, spoken)

    document = json.loads(text_of(file))
    found = begins(document["words"])
    assert {word: found[word] for word in SPOKEN_AT} == {
        word: pytest.approx(second, abs=TOLERANCE_SECONDS) for word, second in SPOKEN_AT.items()
    }
    assert document["text"].split() == [word["text"] for word in document["words"]]
    assert (file.name, file.mime, document["language"], file.meta["language"]) == (
        "talk.json", "application/json", "en", "en",
    )  # fmt: skip
    assert speaking_bench.progress[-1] == 1.0


def test_m90_captions_are_shown_while_their_words_are_spoken(tmp_path: Path, spoken: Path) -> None:
    """M90: the whole way, as a client goes it."""
    engine = open_test_engine(tmp_path, captions_model=MODEL)
    captions = {"robot": "/speech/transcribe", "use": ":original", "format": "webvtt", "provider": "auto"}
    assembly = engine.assembly(steps={**UPLOAD_ONLY, "captions": {**captions, "source_language": "en-US"}})
    engine.upload(assembly, spoken.read_bytes(), filename=spoken.name)

    engine.work()
    status = engine.status(assembly)
    (file,) = status["results"]["captions"]
    content = engine.content(file)
    engine.close()

    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert (file["name"], file["mime"], file["meta"]) == ("talk.vtt", "text/vtt", {"language": "en"})
    first, last = read_cues(content)
    assert "sleeping on the sofa" in first.text
    assert "travel to London" in last.text
    assert first.start_seconds == pytest.approx(SENTENCES[0][0], abs=TOLERANCE_SECONDS)
    assert last.start_seconds == pytest.approx(SENTENCES[1][0], abs=TOLERANCE_SECONDS)


def test_m95_where_nobody_speaks_the_transcript_is_empty(speaking_bench: Bench, clip: Clip) -> None:
    """M95: a tone is no speech."""
    (file,) = transcribed(speaking_bench, clip("sound.m4a"))

    assert text_of(file) == '{"text": "", "words": []}'
    assert "language" not in file.meta


def test_m95_video_without_sound_is_passed_over(speaking_bench: Bench, clip: Clip) -> None:
    """M95"""
    assert transcribed(speaking_bench, clip("silent.mp4")) == []
