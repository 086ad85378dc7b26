"""What /speech/transcribe makes of words, in each format."""

from __future__ import annotations

from typing import Any

import pytest

from cattube_worker.media.workspace import Workspace
from cattube_worker.robots import speech_transcribe
from cattube_worker.robots.shared.input_files import InputFile, OutputFile
from cattube_worker.robots.speech_transcribe import SpeechTranscribe

from .conftest import MakeModel, MakeWorkspace

SAYS_MIAU = 'yield piece((" Miau,", 0.5, 1.0), (" schön!", 1.0, 1.75))'


def made(sound: InputFile, workspace: Workspace, **parameters: Any) -> OutputFile:
    (output,) = SpeechTranscribe(**parameters).make([sound], workspace)
    return output


def test_each_format_is_a_file_of_its_kind(
    model: MakeModel, workspace: MakeWorkspace, sound: InputFile
) -> None:
    job, outputs = workspace(model(SAYS_MIAU)), []

    for name in ("json", "text", "srt", "webvtt"):
        output = made(sound, job, format=name)
        assert output.kind is not None
        outputs.append((output.name, output.kind.mime, output.path.read_text(encoding="utf-8")))

    assert outputs == [
        (
            "cat.json",
            "application/json",
            '{"text": "Miau, schön!", "words": [{"text": "Miau,", "startTime": 0.5, "endTime": 1.0}, '
            '{"text": "schön!", "startTime": 1.0, "endTime": 1.75}], "language": "en"}',
        ),
        ("cat.txt", "text/plain", "Miau, schön!\n"),
        ("cat.srt", "application/x-subrip", "1\n00:00:00,500 --> 00:00:01,750\nMiau, schön!\n"),
        ("cat.vtt", "text/vtt", "WEBVTT\n\n00:00:00.500 --> 00:00:01.750\nMiau, schön!\n"),
    ]


def test_metadata_are_those_of_the_file_and_its_transcript(
    model: MakeModel, workspace: MakeWorkspace, sound: InputFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long transcript has the times of its first words alone there, and says so."""
    monkeypatch.setattr(speech_transcribe, "MOST_META_WORDS", 1)
    warnings: list[str] = []

    output = made(sound, workspace(model(SAYS_MIAU), warn=warnings.append), format="meta")

    assert output.path.read_bytes() == sound.path.read_bytes()
    assert (output.name, output.meta["duration"]) == ("cat.wav", 2.0)
    assert output.meta["transcription"] == {
        "text": "Miau, schön!",
        "words": [{"text": "Miau,", "startTime": 0.5, "endTime": 1.0}],
        "language": "en",
    }
    assert warnings == [
        'Of the 2 words in "cat.wav" the first 1 have their times in its metadata; '
        "the format json has those of all."
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [("json", '{"text": "", "words": []}'), ("text", "\n"), ("srt", "\n"), ("webvtt", "WEBVTT\n")],
)
def test_m95_file_without_a_word_is_a_result_too(
    model: MakeModel, workspace: MakeWorkspace, sound: InputFile, name: str, content: str
) -> None:
    """M95"""
    output = made(sound, workspace(model(SAYS_MIAU, somebody_speaks=False)), format=name)

    assert output.path.read_text(encoding="utf-8") == content
    assert output.meta == {}
