"""Reader of what `recognize_program.py` prints. Pure.

The program has read a stranger's sound: what it says is checked like a stranger's word.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from cattube_worker.media.errors import CommandFailed
from cattube_worker.media.speech.languages import code_of_whisper, language_code
from cattube_worker.media.speech.transcript import Transcript, Word

# Of all lines together: a day of talking has less.
MOST_BYTES = 32 * 2**20
MOST_LETTERS = 200  # of one word


class TranscriptReader:
    """Reader that takes the lines as they come.

    seconds: of the sound. report: is told the share that has been heard, from 0 to 1.
    refusal: why the program stopped, in its own word; None when it did not.
    """

    def __init__(self, seconds: float, report: Callable[[float], None]) -> None:
        self._seconds, self._report = seconds, report
        self._rest, self._size_bytes = b"", 0
        self._words: list[Word] = []
        self._language: str | None = None
        self.refusal: str | None = None

    @property
    def transcript(self) -> Transcript:
        return Transcript(words=tuple(self._words), language=self._language if self._words else None)

    def feed(self, chunk: bytes) -> None:
        """Read on. Raises CommandFailed when the program says too much, or what makes no sense."""
        self._size_bytes += len(chunk)
        if self._size_bytes > MOST_BYTES:
            raise CommandFailed("More words were heard in this sound than anybody can say.")
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        try:
            for line in lines:
                self._take(json.loads(line))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise CommandFailed("What was heard in this sound was not understood.") from error

    def _take(self, facts: dict[str, Any]) -> None:
        if "refused" in facts:
            self.refusal = str(facts["refused"])
            return
        for text, start, end in facts.get("words", ()):
            self._add(str(text), float(start), float(end))
        if "language" in facts:
            self._language = language_code(code_of_whisper(facts["language"]))
        self._report(max(0.0, min(1.0, float(facts["until"]) / self._seconds)))

    def _add(self, text: str, start_seconds: float, end_seconds: float) -> None:
        if not (math.isfinite(start_seconds) and math.isfinite(end_seconds)):
            raise ValueError("a time that is none")
        word = _visible(text)
        if not word.strip():
            return
        # Neighbours may overlap by some hundredths: what comes later must not begin earlier.
        earliest = self._words[-1].start_seconds if self._words else 0.0
        start = min(max(start_seconds, earliest), self._seconds)
        self._words.append(Word(word, start, min(max(end_seconds, start), self._seconds)))


def _visible(text: str) -> str:
    """The word in one line, of characters that can be seen, with the space before it if it has one."""
    letters = "".join(letter for letter in " ".join(text.split()) if letter.isprintable())[:MOST_LETTERS]
    return f" {letters}" if text[:1].isspace() else letters
