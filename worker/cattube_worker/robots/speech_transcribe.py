"""/speech/transcribe: what is said in a sound or a video, as text, JSON or subtitles."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from cattube_worker.media.encode.source import sound_source
from cattube_worker.media.inspect.formats import kind_of_other
from cattube_worker.media.speech.cues import cues_of
from cattube_worker.media.speech.languages import language_code
from cattube_worker.media.speech.recognition import recognize
from cattube_worker.media.speech.transcript import Transcript
from cattube_worker.media.subtitles.writing import srt, webvtt
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.audio_encoding import has_sound
from cattube_worker.robots.shared.file_robot import FileRobot
from cattube_worker.robots.shared.input_files import InputFile, OutputFile

# "auto" is for whatever an engine has, so that a template may go from one to another.
PROVIDERS = ("auto", "local")
# With their times in `meta`, which stands in every status: some ten minutes of talking.
MOST_META_WORDS = 2000


def _own_provider(name: str) -> str:
    if name not in PROVIDERS:
        raise ValueError(
            f'there is no "{name[:40]}" here, where speech leaves the machine for no service: '
            f"use {' or '.join(PROVIDERS)}"
        )
    return name


def _without_speakers(wanted: bool) -> bool:
    if wanted:
        raise ValueError("this engine does not tell speakers apart: leave it out")
    return wanted


def _code(text: Any) -> Any:
    return language_code(text) if isinstance(text, str) else text


Language = Annotated[str, BeforeValidator(_code)]


class SpeechTranscribe(FileRobot):
    """One file for each sound, and for each video that has some; everything else is passed over.

    With the format "meta", each of those files as it is, with the transcript in its metadata.
    Source: Transloadit's `robots/speech-transcribe`.
    """

    name: ClassVar[str] = "/speech/transcribe"

    provider: Annotated[str, AfterValidator(_own_provider)] = "auto"
    # Both give the same, as they do at Transloadit.
    granularity: Literal["full", "list"] = "full"
    format: Literal["json", "meta", "srt", "text", "webvtt"] = "json"
    source_language: Language | None = None
    target_language: Language | None = None
    speaker_labels: Annotated[bool, AfterValidator(_without_speakers)] = False
    max_speakers: int = Field(10, ge=1, le=10)

    @property
    def is_batch(self) -> bool:
        """Always: it takes long, and a video can be watched without."""
        return True

    @property
    def recognises_speech(self) -> bool:
        """Always: somebody may watch the video, and miss its other sizes, before anybody reads along."""
        return True

    def make(self, files: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        return [
            self._make_one(file, workspace.folder / f"transcript-{index}", workspace)
            for index, file in enumerate(files)
            if has_sound(file)
        ]

    def _make_one(self, file: InputFile, path: Path, workspace: Workspace) -> OutputFile:
        transcript = recognize(
            file.path,
            source=sound_source(file.meta),
            name=file.name,
            duration_seconds=file.duration_seconds,
            language=self.source_language or self.target_language,
            workspace=workspace,
        )
        workspace.report(1.0)
        if self.format == "meta":
            if len(transcript.words) > MOST_META_WORDS:
                workspace.warn(_too_many_words(file, transcript))
            document = transcript.document(most_words=MOST_META_WORDS)
            return self.unchanged(file, path, meta={"transcription": document})
        ext, write = _WRITERS[self.format]
        text, name = write(transcript), f"{file.basename}.{ext}"
        path.write_text(text, encoding="utf-8")
        language = {} if transcript.language is None else {"language": transcript.language}
        kind = kind_of_other(text.encode(), name=name)
        return OutputFile(path=path, name=name, source=file, kind=kind, meta=language)


def _too_many_words(file: InputFile, transcript: Transcript) -> str:
    return (
        f'Of the {len(transcript.words)} words in "{file.name}" the first {MOST_META_WORDS} have their times '
        "in its metadata; the format json has those of all."
    )


def _json(transcript: Transcript) -> str:
    return json.dumps(transcript.document(), ensure_ascii=False)


def _srt(transcript: Transcript) -> str:
    # A file without a byte counts as none, and nothing said is a result too.
    return srt(cues_of(transcript.words)) or "\n"


_WRITERS: Mapping[str, tuple[str, Callable[[Transcript], str]]] = {
    "json": ("json", _json),
    "srt": ("srt", _srt),
    "text": ("txt", lambda transcript: f"{transcript.text}\n"),
    "webvtt": ("vtt", lambda transcript: webvtt(cues_of(transcript.words))),
}
