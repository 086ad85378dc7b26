"""Cues that are made of words: people can read along."""

from __future__ import annotations

from itertools import pairwise

import pytest

from cattube_worker.media.speech.cues import LINE_WIDTH, MOST_SECONDS, cues_of
from cattube_worker.media.speech.transcript import Word
from cattube_worker.media.subtitles.cues import Cue
from cattube_worker.media.subtitles.reading import read_cues
from cattube_worker.media.subtitles.writing import webvtt


def spoken(text: str, *, start: float = 0.0, each: float = 0.3) -> list[Word]:
    """The words of a text, one after the other, each so many seconds long."""
    return [
        Word(f" {word}", start + index * each, start + (index + 1) * each)
        for index, word in enumerate(text.split())
    ]


def test_nothing_said_gives_no_cue() -> None:
    assert cues_of([]) == []


def test_pause_parts_two_cues() -> None:
    words = spoken("The cat sleeps on", each=0.25) + spoken("and wakes up again", start=5.0, each=0.25)

    assert cues_of(words) == [
        Cue(0.0, 1.0, "The cat sleeps on"),
        Cue(5.0, 6.0, "and wakes up again"),
    ]


def test_cue_ends_with_its_sentence_unless_it_would_only_flash() -> None:
    texts = [cue.text for cue in cues_of(spoken("No. No. The cat sleeps here all day long. Then it eats."))]

    assert texts == ["No. No. The cat sleeps here all day long.", "Then it eats."]


def test_long_speech_comes_in_two_lines_of_like_width_at_a_time() -> None:
    words = spoken("the quick brown fox jumps over the lazy dog and " * 20)

    cues = cues_of(words)

    assert "".join(f" {' '.join(cue.text.split())}" for cue in cues) == "".join(word.text for word in words)
    for cue in cues:
        assert len(cue.text.split("\n")) <= 2
        assert max(map(len, cue.text.split("\n"))) <= LINE_WIDTH
        assert cue.end_seconds - cue.start_seconds <= MOST_SECONDS


def test_speech_without_a_pause_is_parted_between_clauses() -> None:
    words = spoken("when the cat had slept long enough on the old red sofa, she went out to look for a bird")

    assert [" ".join(cue.text.split()) for cue in cues_of(words)] == [
        "when the cat had slept long enough on the old red sofa,",
        "she went out to look for a bird",
    ]


def test_words_without_spaces_count_with_the_width_that_they_have() -> None:
    words = [Word("猫", index * 0.3, index * 0.3 + 0.3) for index in range(100)]

    assert max(len(line) for cue in cues_of(words) for line in cue.text.split("\n")) <= LINE_WIDTH // 2


def test_short_word_is_shown_for_a_second_and_not_over_the_next() -> None:
    assert cues_of(spoken("Yes.", each=0.2)) == [Cue(0.0, 1.0, "Yes.")]
    words = [Word(" Yes.", 0.0, 0.2), Word(" No.", 1.2, 1.4), Word(" Maybe.", 1.3, 9.0)]
    for cue, later in pairwise(cues_of(words)):
        assert cue.end_seconds <= later.start_seconds


def test_m99_words_that_look_like_markup_are_shown_as_they_stand() -> None:
    """M99"""
    text = "<script>alert(1)</script> & 00:00:01.000 --> 00:00:02.000"

    document = webvtt([Cue(0.5, 3661.25, text)])

    assert document == (
        "WEBVTT\n\n00:00:00.500 --> 01:01:01.250\n"
        "&lt;script&gt;alert(1)&lt;/script&gt; &amp; 00:00:01.000 --&gt; 00:00:02.000\n"
    )
    assert read_cues(document.encode()) == [Cue(0.5, 3661.25, text)]


@pytest.mark.parametrize("apart_seconds", [0.0, 0.0002])
def test_m100_words_that_all_begin_at_once_take_no_cue_its_time(apart_seconds: float) -> None:
    """M100"""
    text = "the cat sleeps on the red sofa. " * 8
    heap = [
        Word(word.text, 3.0 + apart_seconds * (index > 20), 3.0) for index, word in enumerate(spoken(text))
    ]
    words = [*heap, *spoken("Then she wakes up.", start=3.0)]

    written = webvtt(cues_of(words))

    cues = read_cues(written.encode())
    assert written.count("-->") == len(cues)
    assert " ".join(" ".join(cue.text.split()) for cue in cues) == f"{text}Then she wakes up."
