"""Hours of speech, found the same on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import MakeVideo
from django.test import Client

from cattube.captions.formats.timed_text import TimedText
from cattube.search import matches
from cattube.search.indexing import set_transcript
from cattube.search.listing.library import MOST_HITS_OF_A_PAGE
from cattube.videos.models import Video

PUBLIC = {"visibility": "public", "status": "ready"}
FIRST_HANGUL, HANGUL = 0xAC00, 11_172


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    return make_video(title="Talk", **PUBLIC)


def hits(client: Client, query: str) -> int:
    total = client.get("/api/videos", {"q": query, "place": "spoken"}).json()["total"]
    return int(total)


def test_megabytes_of_words_of_three_bytes_a_letter_are_saved_d70(client: Client, video: Video) -> None:
    """D70"""
    words = [chr(FIRST_HANGUL + n % HANGUL) * 2 + chr(FIRST_HANGUL + n // 7) * 28 for n in range(20_000)]

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


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("rope", [("the rope", 3), ("a rope", 4)]),
        ("absent rope", []),
        ("seil", [("das Seil", 2)]),
        ("seil rope", [("das Seil", 2)]),
        ("talk rope", [("the rope", 3), ("a rope", 4)]),
    ],
)
def test_of_a_long_transcript_the_part_with_the_words_is_read_d76(
    client: Client, video: Video, monkeypatch: pytest.MonkeyPatch, query: str, expected: list[Any]
) -> None:
    """D76: wherever it begins, in a later language too."""
    monkeypatch.setattr(matches, "READ_CHARACTERS", 30)
    set_transcript(video.pk, "de", [TimedText(1, 2, "ganz am Anfang"), TimedText(2, 3, "das Seil")])
    lines = ["…", "a long way from there", "the rope", "a rope", "goes in by hand", "and the last rope"]
    set_transcript(video.pk, "en", [TimedText(n + 1, n + 2, line) for n, line in enumerate(lines)])

    items = client.get("/api/videos", {"q": query}).json()["items"]

    assert [
        (match["text"], match["seconds"]) for item in items for match in item["matches"] if match["seconds"]
    ] == expected


def test_page_of_hits_is_short_whatever_is_asked_for_d76(client: Client, make_video: MakeVideo) -> None:
    """D76: each hit costs a part of its transcript."""
    for _ in range(MOST_HITS_OF_A_PAGE + 1):
        make_video(title="Rope", **PUBLIC)

    asked = {"q": "rope", "limit": "100"}
    document = client.get("/api/videos", asked).json()

    assert len(document["items"]) == MOST_HITS_OF_A_PAGE
    assert document["total"] == MOST_HITS_OF_A_PAGE + 1
    following = client.get("/api/videos", asked | {"cursor": document["next"]}).json()
    assert len(following["items"]) == 1
