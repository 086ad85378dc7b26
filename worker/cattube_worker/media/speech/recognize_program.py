"""Program that writes down what is said in a sound. `recognition.py` makes its arguments.

It is run by its path, in the sandbox. Nothing of ours is imported: it has the packages that it is told.

    recognize_program.py PACKAGES MODEL SOUND LANGUAGE THREADS

PACKAGES: folders with colons between them. MODEL: a folder. SOUND: a file of 16-bit samples, one channel,
16,000 in a second. LANGUAGE: one of Whisper's codes, or "" to find it out.

It prints a line of JSON for each piece that is done: `until`, the second up to which the sound has been
heard, and maybe `words`, each as [text, start, end] in seconds, and `language`. A line with `refused` says
why it stops instead.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

SAMPLE_RATE = 16_000
# A whole evening at once would take gigabytes of memory. Stretches end in the quietest moment of their last
# seconds, so that no word is cut through.
STRETCH_SECONDS, SEARCHED_SECONDS = 600, 30
QUIET_SAMPLES = SAMPLE_RATE // 10
# Narrow margins: the first word after a pause is told to begin where its piece of sound does.
SPEECH = {"min_silence_duration_ms": 500, "speech_pad_ms": 200}
ENGLISH, ENGLISH_ONLY = "en", "english-only"


def main(packages: str, model_folder: str, sound: str, language: str, threads: str) -> None:
    sys.path += packages.split(os.pathsep)
    # Of the many threads that numpy's libraries would start, each reserves memory, and none is needed.
    os.environ.update(OMP_NUM_THREADS=threads, OPENBLAS_NUM_THREADS="1", HF_HUB_OFFLINE="1")
    import numpy
    from faster_whisper import WhisperModel

    model = WhisperModel(
        model_folder, device="cpu", compute_type="int8", cpu_threads=int(threads), local_files_only=True
    )
    if language not in ("", ENGLISH) and not model.model.is_multilingual:
        tell(refused=ENGLISH_ONLY)
        return
    samples: Any = numpy.memmap(sound, dtype=numpy.int16, mode="r")
    for start, end in stretches(samples):
        part = samples[start:end].astype(numpy.float32) / 32768
        language = recognize(model, part, language, offset_seconds=start / SAMPLE_RATE)
        tell(until=end / SAMPLE_RATE)


def stretches(samples: Any) -> Iterator[tuple[int, int]]:
    """First sample of each stretch, and the one behind its last."""
    start = 0
    while start < len(samples):
        end = min(start + STRETCH_SECONDS * SAMPLE_RATE, len(samples))
        if end < len(samples):
            end = quietest(samples, end - SEARCHED_SECONDS * SAMPLE_RATE, end)
        yield start, end
        start = end


def quietest(samples: Any, start: int, end: int) -> int:
    """The middle of the tenth of a second, of those between two samples, that is least loud."""
    import numpy

    count = (end - start) // QUIET_SAMPLES
    tenths = samples[start : start + count * QUIET_SAMPLES].astype(numpy.int32).reshape(count, QUIET_SAMPLES)
    return start + int(numpy.abs(tenths).sum(axis=1).argmin()) * QUIET_SAMPLES + QUIET_SAMPLES // 2


def recognize(model: Any, part: Any, language: str, *, offset_seconds: float) -> str:
    """Tell the words of one stretch, and return the language for the next ones: of the first that has any."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    # In silence and in noise the model hears what was often said in the videos that it learnt from.
    if not get_speech_timestamps(part, VadOptions(**SPEECH)):
        return language
    segments, info = model.transcribe(
        part,
        language=language or None,
        # Two minutes at most, where less does not tell.
        language_detection_segments=4,
        word_timestamps=True,
        vad_filter=True,
        vad_parameters=SPEECH,
        # A mistake must not lead to the next one, as it does in endless repetitions.
        condition_on_previous_text=False,
    )
    for segment in segments:
        words = [
            (word.word, offset_seconds + float(word.start), offset_seconds + float(word.end))
            for word in segment.words or ()
        ]
        tell(until=offset_seconds + float(segment.end), words=words, language=info.language)
        language = info.language
    return language


def tell(**facts: Any) -> None:
    print(json.dumps(facts), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
