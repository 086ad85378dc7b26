"""Words that were spoken, with their times. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Word:
    """A word with its punctuation, in seconds from the beginning of the file.

    text: begins with a space where one stands before the word, which it does in most languages.
    """

    text: str
    start_seconds: float
    end_seconds: float


@dataclass(frozen=True, kw_only=True)
class Transcript:
    """All words of a file, in order. language: code of it; None where nothing was said."""

    words: Sequence[Word] = ()
    language: str | None = None

    @property
    def text(self) -> str:
        return text_of(self.words)

    def document(self, *, most_words: int | None = None) -> dict[str, Any]:
        """The transcript as Transloadit writes it, and its language.

        most_words: as many have their times; the text is whole. Source: Transloadit's
        `robots/speech-transcribe`.
        """
        words = [
            {
                "text": word.text.strip(),
                "startTime": round(word.start_seconds, 2),
                "endTime": round(word.end_seconds, 2),
            }
            for word in self.words[:most_words]
        ]
        language = {} if self.language is None else {"language": self.language}
        return {"text": self.text, "words": words, **language}


def text_of(words: Sequence[Word]) -> str:
    """The words as one text."""
    return "".join(word.text for word in words).strip()
