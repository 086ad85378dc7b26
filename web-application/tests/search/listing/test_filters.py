"""Lists narrowed by filters, and what people type into them."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.test import Client
from search.asking import PUBLIC, answer

from cattube.videos.models import Video


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
