"""Recognition of speech, by a program of its own in the sandbox that ffmpeg has."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from cattube_worker.media.encode.command import Command, FileInput
from cattube_worker.media.encode.output import Output
from cattube_worker.media.encode.render import render
from cattube_worker.media.encode.source import Source
from cattube_worker.media.errors import CommandFailed, InvalidInput
from cattube_worker.media.process.fence import fence
from cattube_worker.media.process.run import RunResult, run
from cattube_worker.media.speech.languages import whisper_code
from cattube_worker.media.speech.model import SpeechModel, SpeechModelMissing
from cattube_worker.media.speech.model_fetch import fetch
from cattube_worker.media.speech.python_program import python_program
from cattube_worker.media.speech.transcript import Transcript
from cattube_worker.media.speech.transcript_reader import TranscriptReader
from cattube_worker.media.workspace import Workspace

log = logging.getLogger(__name__)

SAMPLE_RATE, SAMPLE_BYTES = 16_000, 2
_PROGRAM = Path(__file__).with_name("recognize_program.py")
# Behind everything else on the machine, whatever queue its step is in.
_NICENESS = 19
# More do not make it faster, and take memory.
_MOST_THREADS = 4
# Decoding is that part of the work.
_DECODING_SHARE = 0.05
# How Python and the libraries below it say that they got no more memory.
_NO_MEMORY = ("MemoryError", "bad_alloc", "allocate")


def recognize(
    path: Path,
    *,
    source: Source,
    name: str,
    duration_seconds: float,
    language: str | None,
    workspace: Workspace,
) -> Transcript:
    """The words that are spoken in a file, which people call `name`.

    source: its sound. duration_seconds: of the file, for progress. language: its code; None finds it out.
    Raises SpeechModelMissing, InvalidInput, CommandFailed, CommandTimeout, DiskFull, Stopped.
    """
    model = _ready_model(workspace)
    sound = workspace.folder / "speech.pcm"
    decoding = replace(workspace, report=lambda share: workspace.report(_DECODING_SHARE * share))
    seconds = _decode(path, sound, source, name=name, duration_seconds=duration_seconds, workspace=decoding)
    reader = TranscriptReader(
        seconds, lambda share: workspace.report(_DECODING_SHARE + (1 - _DECODING_SHARE) * share)
    )
    result = _run(model, sound, language, reader, workspace)
    sound.unlink()
    if reader.refusal is not None:
        raise InvalidInput(
            f'The model "{model.short_name}" of this engine knows English alone: have CAPTIONS_MODEL name '
            "one without .en, or leave the language out."
        )
    if result.exit_code != 0:
        raise _failure(result, name, model)
    return reader.transcript


def _ready_model(workspace: Workspace) -> SpeechModel:
    model = workspace.speech_model
    if model is None:
        raise SpeechModelMissing("Speech is not recognised here.")
    model.check()
    if not model.is_there:
        fetch(model, workspace)
    return model


def _decode(
    path: Path, target: Path, source: Source, *, name: str, duration_seconds: float, workspace: Workspace
) -> float:
    """Write the samples of a file's sound, in the time of its video, and return their seconds."""
    output = Output(
        path=target,
        audio=("-c:a", "pcm_s16le"),
        # A sound that begins after the pictures begins with silence: cues are shown by the video's time.
        audio_filters=(
            f"aresample={SAMPLE_RATE}:async=1:first_pts=0",
            f"aformat=sample_fmts=s16:sample_rates={SAMPLE_RATE}:channel_layouts=mono",
        ),
        container=("-f", "s16le"),
        bounds=frozenset({"duration", "bytes"}),
    ).from_source(source, filters=())
    render(
        Command(inputs=[FileInput(path)], outputs=[output]),
        name=name,
        duration_seconds=duration_seconds,
        workspace=workspace,
    )
    size_bytes = target.stat().st_size if target.exists() else 0
    if size_bytes < SAMPLE_BYTES:
        raise InvalidInput(f'"{name}" holds no sound we can read.')
    return size_bytes / (SAMPLE_RATE * SAMPLE_BYTES)


def _run(
    model: SpeechModel, sound: Path, language: str | None, reader: TranscriptReader, workspace: Workspace
) -> RunResult:
    # The model is read as it lies on the disk, and turned into numbers of one byte.
    memory = workspace.limits.max_memory_bytes + 2 * model.size_bytes
    limits = replace(workspace.limits, niceness=_NICENESS, max_memory_bytes=memory)
    threads = min(limits.processors or 1, _MOST_THREADS)
    words = (str(model.path), str(sound), whisper_code(language or ""), str(threads))
    return run(
        fence.PYTHON,
        [*python_program(_PROGRAM, model.packages), *words],
        sandbox=workspace.tools.sandbox,
        limits=limits,
        timeout_seconds=limits.wall_clock_seconds,
        stall_seconds=limits.stall_seconds,
        reads=[fence.PYTHON_FOLDER, _PROGRAM, *model.packages, *model.files, sound],
        stop=workspace.stop,
        must_pause=workspace.must_pause,
        on_output=reader.feed,
    )


def _failure(result: RunResult, name: str, model: SpeechModel) -> CommandFailed:
    log.warning("speech recognition ended with %s on %r: %s", result.exit_code, name, result.errors[-2000:])
    details = {"exitCode": result.exit_code}
    if any(word in result.errors for word in _NO_MEMORY):
        return CommandFailed(
            f'Speech recognition with the model "{model.short_name}" takes more memory than it may: have '
            "CAPTIONS_MODEL name a smaller one.",
            details=details,
        )
    return CommandFailed(
        f'The speech in "{name}" could not be recognised.', retryable=result.exit_code < 0, details=details
    )
