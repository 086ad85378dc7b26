"""Search as scripts see it, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.test import Client

from cattube.captions.formats.timed_text import TimedText
from cattube.search import indexing
from cattube.search.indexing import indexed_lines, remove_transcript, set_transcript
from cattube.search.models import IndexedText
from cattube.videos.models import Tag, Video
from cattube.videos.text import stored

DECOMPOSED = "U\u0308bung"
PUBLIC = {"visibility": "public", "status": "ready"}
CUES = [
    TimedText(1, 4, "Good morning everybody"),
    TimedText(83.5, 86, "the rope goes in by hand,\nevery turn of it"),
    TimedText(120, 125, "♪"),
    TimedText(591, 600, "you feel whether the rope lies right"),
]


def answer(client: Client, **parameters: Any) -> dict[str, Any]:
    response = client.get("/api/videos", parameters)
    assert response.status_code == 200, response.content
    document: dict[str, Any] = response.json()
    return document


def titles(client: Client, **parameters: Any) -> list[str]:
    return [video["title"] for video in answer(client, **parameters)["items"]]


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


def test_spoken_words_of_each_language_are_found_until_they_are_removed_d63(
    client: Client, make_video: MakeVideo
) -> None:
    """D63"""
    video = make_video(title="Talk", **PUBLIC)
    set_transcript(video.pk, "de", [TimedText(5, 6, "Guten Morgen"), TimedText(7, 8, "das Seil")])
    set_transcript(video.pk, "en", CUES)

    assert answer(client, q="seil")["items"][0]["matches"][0]["seconds"] == 7
    assert answer(client, q="rope hand")["items"][0]["matches"][0]["seconds"] == 83.5

    set_transcript(video.pk, "en", [TimedText(9, 10, "a cord")])
    remove_transcript(video.pk, "de")

    assert titles(client, q="seil") == titles(client, q="rope") == []
    assert answer(client, q="cord")["items"][0]["matches"][0]["seconds"] == 9


def test_change_of_one_language_folds_no_other_d74(
    client: Client, make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D74"""
    video = make_video(title="Talk", **PUBLIC)
    folded: list[str] = []

    def counted(lines: str) -> str:
        folded.append(lines)
        return indexed_lines(lines)

    monkeypatch.setattr(indexing, "indexed_lines", counted)
    for language, lines in [
        ("en", ["A cord", "♪"]),
        ("de", ["Das Seil", "…", "Ein Tau"]),
        ("fr", ["La corde"]),
        ("de", ["Ein Tau"]),
        ("en", ["A rope", "…", "A line", "…"]),
    ]:
        set_transcript(video.pk, language, [TimedText(1, 2, line) for line in lines])
    remove_transcript(video.pk, "de")

    assert folded[-2:] == ["Ein Tau", "A rope\n…\nA line\n…"]
    assert len(folded) == 5
    assert IndexedText.objects.get(entry__video=video).transcript == "a rope\n\na line\n\nla corde"


def test_captions_are_found_from_when_they_are_saved_until_they_are_deleted_d63(
    as_alice: Client, client: Client, make_video: MakeVideo
) -> None:
    """D63: with the marks that captions have, which nobody searches."""
    path = f"/api/videos/{make_video(title='Talk', **PUBLIC).pk}/captions/en"
    webvtt = "WEBVTT\n\n01:23.500 --> 01:26.000\n<v Ada>The <i>rope</i> &amp; the hand\n"

    assert as_alice.put(path, webvtt, "text/vtt").status_code == 204

    match = answer(client, q='"rope & the hand"')["items"][0]["matches"][0]
    assert (match["field"], match["seconds"]) == ("transcript", 83.5)
    assert as_alice.delete(path).status_code == 204
    assert titles(client, q="rope") == []


def test_transcript_of_no_video_is_nothing(db: None) -> None:
    set_transcript("aaaaaaaaaaa", "en", CUES)
    remove_transcript("aaaaaaaaaaa", "en")


def test_changed_words_are_found_and_old_ones_are_not_d63(
    client: Client, make_video: MakeVideo, alice: User
) -> None:
    """D63"""
    video = make_video(title="Прогулка", description="ginger", **PUBLIC)
    video.set_tags(["sea"])
    set_transcript(video.pk, "en", CUES)

    video.title = "Зима"
    video.save(update_fields=["title"])
    video.set_tags(["snow"])
    alice.username = "Ängström"
    alice.save()

    assert [titles(client, q=query) for query in ("прогулка", "sea", "alice")] == [[], [], []]
    for query in ("зима", "snow", "ängström", "ginger", "rope"):
        assert titles(client, q=query) == ["Зима"]


def test_tag_that_is_given_from_its_own_side_is_found_too_d63(client: Client, make_video: MakeVideo) -> None:
    """D63"""
    video = make_video(title="One", **PUBLIC)
    tag = Tag.objects.create(name="sea")

    tag.videos.add(video)
    assert titles(client, q="sea") == ["One"]

    video.tags.clear()
    assert titles(client, q="sea") == []


def test_tags_that_somebody_changed_meanwhile_stay_found_d63(client: Client, make_video: MakeVideo) -> None:
    """D63"""
    video = make_video(title="One", **PUBLIC)
    video.set_tags(["sea"])
    read_before = Video.objects.prefetch_related("tags").get()

    video.set_tags(["snow"])
    read_before.title = "Two"
    read_before.save(update_fields=["title"])

    assert titles(client, q="snow two") == ["Two"]
    assert titles(client, q="sea") == []


def test_deleted_video_is_found_no_more_d63(client: Client, make_video: MakeVideo) -> None:
    """D63"""
    video = make_video(**PUBLIC)
    set_transcript(video.pk, "en", CUES)

    video.delete()

    assert answer(client, q="rope") | {"items": []} == {
        "items": [],
        "next": None,
        "previous": None,
        "total": 0,
    }


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"longer": 60}, ["Long", "Minute"]),
        ({"shorter": 61}, ["Minute"]),
        ({"longer": 60, "shorter": 61}, ["Minute"]),
        ({"channel": "bob"}, ["Bob's"]),
        ({"channel": "nobody"}, []),
        ({"status": "failed"}, ["Failed"]),
        ({"visibility": "private"}, ["Failed", "Private"]),
        (
            {"after": "2020-01-01T00:00:00Z", "order": "title"},
            ["Bob's", "Failed", "Long", "Minute", "Private"],
        ),
        ({"before": "2020-01-01T00:00:00Z"}, []),
        ({"q": "minute", "longer": 61}, []),
        ({"q": "alice", "visibility": "private"}, ["Failed", "Private"]),
    ],
)
def test_list_is_narrowed_and_counted(
    as_alice: Client, make_video: MakeVideo, bob: User, parameters: dict[str, Any], expected: list[str]
) -> None:
    make_video(title="Bob's", owner=bob, **PUBLIC)
    make_video(title="Private", status="ready")
    make_video(title="Failed", status="failed")
    make_video(title="Minute", duration_seconds=60, **PUBLIC)
    make_video(title="Long", duration_seconds=3600, **PUBLIC)

    document = answer(as_alice, **{"order": "title" if "order" in parameters else "newest", **parameters})

    assert sorted(video["title"] for video in document["items"]) == sorted(expected)
    assert document["total"] == len(expected)


@pytest.mark.parametrize(
    "parameters",
    [
        {"longer": "x"},
        {"longer": "-1"},
        {"longer": "nan"},
        {"shorter": "1e400"},
        {"after": "yesterday"},
        {"after": "0001-01-01T00:00:00+14:00"},
        {"before": "2020-01-01"},
        {"status": "gone"},
        {"visibility": "all"},
        {"place": "heaven"},
        {"order": "chance"},
        {"channel": "\x00"},
        {"q": "x" * 201},
    ],
    ids=str,
)
def test_filter_that_is_none_is_a_400_in_words_d61(
    client: Client, db: None, parameters: dict[str, str]
) -> None:
    """D61"""
    response = client.get("/api/videos", parameters)

    assert (response.status_code, response.json()["error"]) == (400, "INVALID_FIELDS")
    assert client.get("/", parameters).status_code == 200


HOSTILE = [
    *(
        '"',
        '""',
        '"""',
        "*",
        "a*",
        "-",
        "-a",
        "a -b",
        "%",
        "_",
        "a%",
        "\\",
        "'",
        "''",
        "\x00",
        "a\x00b",
        "(",
        ")",
    ),
    *(
        "NEAR(",
        "NEAR(a b, 2)",
        "AND",
        "a AND",
        "OR OR",
        "NOT a",
        "title:a",
        "{title}:a",
        "a^2",
        "^a",
        "a:*",
        "a & b",
    ),
    *("!a", "a <-> b", "a | b", "':*'", "$$", "a;DROP TABLE videos_video", "\ud800", "\u202e", "\ufdfa", "½"),
    *("🐈" * 50, "京" * 200, '"' * 200, "a " * 100, "x" * 10_000, "\U0010ffff"),
]


@pytest.mark.parametrize("query", HOSTILE, ids=lambda text: ascii(text)[:30])
def test_nothing_that_people_type_is_syntax_d61(client: Client, make_video: MakeVideo, query: str) -> None:
    """D61"""
    make_video(title="Cat", **PUBLIC)
    typed = query.encode("utf-8", "surrogatepass").decode("utf-8", "replace")

    for path in ("/", "/api/videos", "/api/suggest"):
        response = client.get(path, {"q": typed})
        assert response.status_code in ((200, 400) if path != "/" else (200,))
    assert Video.objects.count() == 1


def test_half_a_character_in_the_address_breaks_nothing_d61(client: Client, make_video: MakeVideo) -> None:
    """D61"""
    make_video(title="Cat", **PUBLIC)

    for path in ("/?q=%ED%A0%80", "/api/videos?q=%ED%A0%80&tag=%ED%A0%80", "/api/suggest?q=%ff"):
        assert client.get(path).status_code == 200
