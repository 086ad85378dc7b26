"""Search as scripts see it, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import pytest
from conftest import MakeVideo
from django.test import Client
from search.asking import CUES, DECOMPOSED, PUBLIC, answer, titles

from cattube.search.indexing import set_transcript
from cattube.videos.models import Video
from cattube.videos.text import stored


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("Прогулка", "прогулка"),
        ("Прогулка", "ПРОГУЛКА"),
        ("Übung", DECOMPOSED),
        (DECOMPOSED, "übung"),
        ("Straße", "strasse"),
        ("Lighthouse", "lig"),
        ("Cat on a roof", '"on a roof"'),
        ("rock'n'roll", "rock n roll"),
        ("東京タワーの夜", "東京"),
        ("東京タワーの夜", "タワー"),
        ("北京大学", "大"),
        ("हिन्दी सीखें", "हिन्दी"),
        ("ภาษาไทย", "ไทย"),
        ("한국어 배우기", "한국"),
        ("Party 🎉", "🎉"),
    ],
)
def test_title_is_found_in_every_language_d62(
    client: Client, make_video: MakeVideo, title: str, query: str
) -> None:
    """D62"""
    make_video(title=title, **PUBLIC)
    make_video(title="Something else", **PUBLIC)

    document = answer(client, q=query)

    assert [video["title"] for video in document["items"]] == [stored(title)]
    assert document["total"] == 1
    assert any(part["is_hit"] for part in document["items"][0]["matches"][0]["parts"])


@pytest.mark.parametrize("query", ['"a on roof"', "京東", "of", "roo 100", '"ro"'])
def test_what_does_not_stand_there_is_not_found_d62(
    client: Client, make_video: MakeVideo, query: str
) -> None:
    """D62"""
    make_video(title="Cat on a roof 東京", **PUBLIC)

    assert titles(client, q=query) == []


def test_every_field_is_searched_and_named(client: Client, make_video: MakeVideo) -> None:
    video = make_video(title="One rope", description="A rope of hemp", **PUBLIC)
    video.set_tags(["rope", "sea"])
    set_transcript(video.pk, "en", CUES)

    matches = answer(client, q="rope")["items"][0]["matches"]

    assert [(match["field"], match["text"], match["seconds"]) for match in matches] == [
        ("title", "One rope", None),
        ("tags", "rope", None),
        ("description", "A rope of hemp", None),
        ("transcript", "the rope goes in by hand, every turn of it", 83.5),
        ("transcript", "you feel whether the rope lies right", 591),
    ]
    assert matches[0]["parts"] == [{"text": "One ", "is_hit": False}, {"text": "rope", "is_hit": True}]


def test_words_may_stand_in_different_fields(client: Client, make_video: MakeVideo) -> None:
    make_video(title="Sails", **PUBLIC).set_tags(["sea"])

    assert titles(client, q="sails sea alice") == ["Sails"]


@pytest.mark.parametrize(
    ("place", "expected"), [("", ["Rope", "Talk"]), ("titles", ["Rope"]), ("spoken", ["Talk"])]
)
def test_search_is_narrowed_to_titles_or_speech(
    client: Client, make_video: MakeVideo, place: str, expected: list[str]
) -> None:
    make_video(title="Rope", **PUBLIC)
    set_transcript(make_video(title="Talk", **PUBLIC).pk, "en", CUES)

    assert titles(client, q="rope", place=place) == expected


def test_closest_come_first_and_newest_among_equals_d62(client: Client, make_video: MakeVideo) -> None:
    """D62"""
    for title, description in [
        ("Ropes", ""),
        ("Knots", "rope"),
        ("Rope, old", ""),
        ("Rope, new", ""),
        ("Tagged", ""),
    ]:
        make_video(title=title, description=description, **PUBLIC)
    Video.objects.get(title="Tagged").set_tags(["rope"])

    assert titles(client, q="rope") == ["Rope, new", "Rope, old", "Ropes", "Tagged", "Knots"]
    assert titles(client, q="rope", order="title")[0] == "Knots"


def test_titles_are_in_order_without_regard_to_case_and_accents_d62(
    client: Client, make_video: MakeVideo
) -> None:
    """D62"""
    for title in ("Zebra", "übung", "ananas", "Ubahn", "Čaj"):
        make_video(title=title, **PUBLIC)

    assert titles(client, order="title") == ["ananas", "Čaj", "Ubahn", "übung", "Zebra"]


def test_query_that_shows_nothing_finds_all(client: Client, make_video: MakeVideo) -> None:
    make_video(title="Cat", **PUBLIC)

    assert titles(client, q="\u0301") == ["Cat"]


@pytest.mark.parametrize("tag", ["übung", DECOMPOSED, "UBUNG"])
def test_tag_is_found_however_it_was_typed(client: Client, make_video: MakeVideo, tag: str) -> None:
    make_video(title="Two", **PUBLIC).set_tags(["übung"])

    assert titles(client, tag=tag) == titles(client, q=tag) == ["Two"]


@pytest.mark.parametrize("tag", ["лето", "ЛЕТО"])
def test_tag_is_found_in_any_case(client: Client, make_video: MakeVideo, tag: str) -> None:
    make_video(title="Two", **PUBLIC).set_tags(["лето"])

    assert titles(client, tag=tag) == titles(client, q=tag) == ["Two"]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_cursor_pages_of_a_search_neither_skip_nor_repeat_d64(
    client: Client, make_video: MakeVideo, limit: int
) -> None:
    """D64"""
    for number in range(7):
        make_video(title=f"{'Rope' if number % 2 else 'Knots'} {number}", description="rope", **PUBLIC)
    whole = titles(client, q="rope")

    pages: list[str] = []
    document = answer(client, q="rope", limit=limit)
    while True:
        pages += [video["title"] for video in document["items"]]
        assert document["total"] == 7
        if document["next"] is None:
            break
        following = answer(client, q="rope", limit=limit, cursor=document["next"])
        back = answer(client, q="rope", limit=limit, cursor=following["previous"])
        assert [video["id"] for video in back["items"]] == [video["id"] for video in document["items"]]
        document = following

    assert pages == whole
    assert len(whole) == 7
