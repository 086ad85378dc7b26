"""Hours of speech, found the same on SQLite and PostgreSQL."""

from __future__ import annotations

import pytest
from conftest import MakeVideo
from django.test import Client

from cattube.captions.formats.timed_text import TimedText
from cattube.search.indexing import set_transcript
from cattube.videos.models import Video

FIRST_HANGUL, HANGUL = 0xAC00, 11_172


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    return make_video(title="Talk", visibility="public", status="ready")


def hits(client: Client, query: str) -> int:
    total = client.get("/api/videos", {"q": query, "place": "spoken"}).json()["total"]
    return int(total)


def test_megabytes_of_words_of_three_bytes_a_letter_are_saved_d70(client: Client, video: Video) -> None:
    """D70"""
    words = [chr(FIRST_HANGUL + n % HANGUL) * 2 + chr(FIRST_HANGUL + n // 7) * 6 for n in range(20_000)]

    set_transcript(video.pk, "ko", [TimedText(1, 2, " ".join(words))])

    assert hits(client, words[0]) == hits(client, words[1]) == 1
    assert client.get("/api/videos", {"q": "talk"}).json()["total"] == 1


@pytest.mark.parametrize(
    ("spoken", "last", "absent"),
    [
        ("the cat is in the house and ", "the end", '"end the"'),
        ("私は東の京で猫を見ました。", "東京タワー", "東タワ"),
        ("ฉันเห็นแมว", "ภาษาไทย", "ไทยภ"),
    ],
)
def test_phrase_is_found_after_hours_of_speech_d71(
    client: Client, video: Video, spoken: str, last: str, absent: str
) -> None:
    """D71: a vector of PostgreSQL has no places above 16,383, and 256 of one word."""
    set_transcript(video.pk, "en", [*[TimedText(1, 2, spoken * 10)] * 400, TimedText(7, 8, last)])

    assert hits(client, f'"{last}"') == hits(client, last) == 1
    assert hits(client, absent) == 0


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ('"one two"', 1),
        ('"two three fo', 1),
        ('"two fou', 0),
        *(("京都", 1), ("都市", 1), ("京市", 0), ("2京", 1)),
    ],
)
def test_phrase_goes_on_in_the_next_line_d71(client: Client, video: Video, query: str, number: int) -> None:
    """D71: a line without words is no gap."""
    lines = ("one", "…", "two three", "four 2京", "都市")

    set_transcript(video.pk, "en", [TimedText(1, 2, line) for line in lines])

    assert hits(client, query) == number
