"""What the program that recognises speech says: it has read a stranger's sound, and is not trusted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cattube_worker.media.errors import CommandFailed
from cattube_worker.media.speech import transcript_reader
from cattube_worker.media.speech.transcript import Transcript, Word
from cattube_worker.media.speech.transcript_reader import TranscriptReader


def line(**facts: Any) -> bytes:
    return json.dumps(facts).encode() + b"\n"


def read(*chunks: bytes, seconds: float = 10.0) -> Transcript:
    reader = TranscriptReader(seconds, lambda share: None)
    for chunk in chunks:
        reader.feed(chunk)
    return reader.transcript


def test_lines_may_come_in_any_pieces() -> None:
    said = line(until=2, words=[[" Miau", 0.5, 1.0], [" schön", 1.0, 1.5]], language="de")

    transcript = read(*(said[at : at + 1] for at in range(len(said))))

    assert transcript == Transcript(words=(Word(" Miau", 0.5, 1.0), Word(" schön", 1.0, 1.5)), language="de")
    assert transcript.document() == {
        "text": "Miau schön",
        "words": [
            {"text": "Miau", "startTime": 0.5, "endTime": 1.0},
            {"text": "schön", "startTime": 1.0, "endTime": 1.5},
        ],
        "language": "de",
    }


def test_progress_is_the_share_of_the_sound_that_was_heard() -> None:
    shares: list[float] = []
    reader = TranscriptReader(10.0, shares.append)

    for until in (2.5, 10.0, 11.0):
        reader.feed(line(until=until))

    assert shares == [0.25, 1.0, 1.0]


def test_m95_nothing_said_has_no_language() -> None:
    """M95"""
    assert read(line(until=10)).document() == {"text": "", "words": []}


def test_m96_times_never_go_backwards_or_beyond_the_sound() -> None:
    """M96"""
    words = [[" a", -1.0, 0.5], [" b", 3.0, 2.0], [" c", 2.0, 99.0], [" d", 50.0, 60.0]]

    transcript = read(line(until=10, words=words, language="en"))

    assert transcript.words == (
        Word(" a", 0.0, 0.5),
        Word(" b", 3.0, 3.0),
        Word(" c", 3.0, 10.0),
        Word(" d", 10.0, 10.0),
    )


def test_m96_word_is_one_line_of_what_can_be_seen() -> None:
    """M96"""
    words = [["  a\n\x00b ", 0.0, 1.0], [" \u202e ", 1.0, 2.0], [" " + "x" * 1000, 2.0, 3.0]]

    transcript = read(line(until=10, words=words, language="en"))

    assert [word.text for word in transcript.words] == [" a b", " " + "x" * 200]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"meow\n", id="no-json"),
        pytest.param(b"[1]\n", id="no-object"),
        pytest.param(b"{}\n", id="no-time"),
        pytest.param(b'{"until": 1, "words": [[" a", NaN, 1]]}\n', id="no-number"),
        pytest.param(b'{"until": 1, "words": [[" a", 1]]}\n', id="half-a-word"),
        pytest.param(b'{"until": 1, "words": [" a"]}\n', id="word-without-times"),
        pytest.param(b'{"until": 1, "language": "cat"}\n', id="no-language"),
        pytest.param(b"\xff\xfe\n", id="no-text"),
        pytest.param(b"[" * 100_000 + b"\n", id="deep"),
    ],
)
def test_m96_what_makes_no_sense_fails(said: bytes) -> None:
    """M96"""
    with pytest.raises(CommandFailed, match="not understood"):
        read(said)


def test_m96_program_that_never_ends_a_line_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """M96"""
    monkeypatch.setattr(transcript_reader, "MOST_BYTES", 1000)

    with pytest.raises(CommandFailed, match="than anybody can say"):
        read(*[b"x" * 100] * 11)
