import base64
import html
import itertools
import json
import random
import re
from datetime import timedelta

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cattube.videos.models import Video


def titles(client: Client, query: str = "") -> list[str]:
    return [video["title"] for video in client.get(f"/api/videos?{query}").json()["items"]]


@pytest.fixture
def shelf(make_video: MakeVideo) -> list[Video]:
    """Five public videos; title, length and age in different orders, two lengths equal, one not known."""
    now = timezone.now()
    facts = [("Delta", 10.0), ("alpha", 30.0), ("Charlie", 10.0), ("bravo", None), ("Echo", 20.0)]
    return [
        make_video(
            title=title,
            duration_seconds=length,
            uploaded_at=now - timedelta(hours=age),
            visibility="public",
            status="ready",
        )
        for age, (title, length) in enumerate(facts)
    ]


def test_library_shows_own_videos_in_any_state_and_others_when_ready(
    as_alice: Client, as_bob: Client, client: Client, make_video: MakeVideo
) -> None:
    for visibility, status in itertools.product(
        ("public", "unlisted", "private"), ("processing", "failed", "ready")
    ):
        make_video(title=f"{visibility} {status}", visibility=visibility, status=status)
    make_video(title="trashed", visibility="public", status="ready", trashed_at=timezone.now())

    assert len(titles(as_alice)) == 9
    assert titles(as_bob) == titles(client) == ["public ready"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("newest", ["Delta", "alpha", "Charlie", "bravo", "Echo"]),
        ("oldest", ["Echo", "bravo", "Charlie", "alpha", "Delta"]),
        ("title", ["alpha", "bravo", "Charlie", "Delta", "Echo"]),
    ],
)
def test_order(client: Client, shelf: list[Video], order: str, expected: list[str]) -> None:
    assert titles(client, f"order={order}") == expected
    page = client.get(f"/?order={order}").content.decode()
    assert sorted(expected, key=page.index) == expected


@pytest.mark.parametrize("order", ["newest", "oldest", "title", "longest", "shortest"])
def test_cursor_pages_neither_skip_nor_repeat(client: Client, shelf: list[Video], order: str) -> None:
    whole = titles(client, f"order={order}")
    titles_of_pages: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = client.get("/api/videos", {"order": order, "limit": "2", "cursor": cursor}).json()
        titles_of_pages += [video["title"] for video in answer["items"]]
        cursor = answer["next"]

    assert titles_of_pages == whole
    assert len(whole) == 5


def test_cursor_keeps_its_place_when_a_newer_video_comes(
    client: Client, shelf: list[Video], alice: User
) -> None:
    first = client.get("/api/videos?limit=2").json()
    Video.objects.create(owner=alice, title="New", visibility="public", status="ready")

    second = client.get("/api/videos", {"limit": 2, "cursor": first["next"]}).json()

    assert [video["title"] for video in second["items"]] == ["Charlie", "bravo"]


def forged(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


NOT_CURSORS = [
    *("x", "e30=", "W10=", "WzEsMl0=", "bnVsbA==", "é", "[" * 1500, "WyIyMDI2LTAxLTAxIiwiYSJd"),
    forged("after", "2026-01-01T00:00:00", "a"),
    forged("after", "0001-01-01T00:00:00+14:00", "a"),
    forged("after", "2026-01-01T00:00:00Z", "\0"),
    forged("after", "2026-01-01T00:00:00Z", "\ud800"),
    forged("above", "2026-01-01T00:00:00Z", "a"),
    forged("after", "2026-01-01T00:00:00Z"),
    forged(["after"], "2026-01-01T00:00:00Z", "a"),
]


@pytest.mark.parametrize("cursor", NOT_CURSORS, ids=lambda cursor: cursor[:40])
def test_cursor_that_is_not_ours_is_a_400_d13(client: Client, db: None, cursor: str) -> None:
    answer = client.get("/api/videos", {"cursor": cursor})

    assert (answer.status_code, answer.json()["error"]) == (400, "INVALID_FIELDS")
    assert client.get("/", {"cursor": cursor}).status_code == 200


@pytest.mark.parametrize("length", [10**400, "x", None, [], 1e308 * 10])
def test_cursor_with_a_forged_length_is_refused_d64(client: Client, db: None, length: object) -> None:
    answer = client.get("/api/videos", {"order": "longest", "cursor": forged("after", length, "a")})

    # Infinity is a number; after it there is the whole list, which is empty here.
    assert answer.status_code == (200 if isinstance(length, float) else 400)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("cat roof", ["Cat on a roof"], id="every-word"),
        pytest.param("CAT", ["Cat on a roof"], id="any-case"),
        pytest.param("ginger", ["Cat on a roof"], id="description"),
        pytest.param("sunny", ["Cat on a roof"], id="tag"),
        pytest.param("alice", ["Dog", "Cat on a roof"], id="owner"),
        pytest.param("cat dog", [], id="words-of-two-videos"),
        pytest.param("100%", [], id="D13-percent"),
        pytest.param("_", [], id="D13-underscore"),
        pytest.param("' OR 1=1 --", [], id="D13-quote"),
    ],
)
def test_search_looks_in_title_description_tags_and_owner(
    client: Client, make_video: MakeVideo, query: str, expected: list[str]
) -> None:
    video = make_video(visibility="public", status="ready", description="A ginger one")
    video.set_tags(["sunny", "holiday"])
    make_video(title="Dog", visibility="public", status="ready")

    assert [video["title"] for video in client.get("/api/videos", {"q": query}).json()["items"]] == expected
    assert (client.get("/", {"q": query}).context["count"] or 0) == len(expected)


def test_tag_filters_exactly(client: Client, make_video: MakeVideo) -> None:
    for name in ("sun", "sunny"):
        make_video(title=name, visibility="public", status="ready").set_tags([name])

    assert titles(client, "tag=Sun") == ["sun"]


def test_odd_queries_never_break_the_library_d13(
    client: Client, as_alice: Client, shelf: list[Video]
) -> None:
    chance = random.Random(13)
    alphabet = "abc%_'\"\\;-\x00\u202e\U0001f408 <>{}()*?[]" + "\u0130\ud7ff"
    for _ in range(150):
        text = "".join(chance.choices(alphabet, k=chance.choice([0, 1, 5, 300, 9000])))
        name = chance.choice(["q", "tag", "order", "page", "cursor", "limit"])
        page, answer = client.get("/", {name: text}), as_alice.get("/api/videos", {name: text})
        assert page.status_code == 200
        assert answer.status_code in (200, 400)


def follow(client: Client, page: str, rel: str) -> str:
    """The page that the link to the next or the previous one leads to."""
    link = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    assert link, f"no link to the {rel} page"
    return client.get(html.unescape(link[1])).content.decode()


@pytest.mark.parametrize("address", ["/", "/?order=title", "/?q=cat", "/?q=cat&order=longest"])
def test_pages_have_real_addresses_onward_and_back_d64(
    client: Client, make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """D64"""
    monkeypatch.setattr("cattube.web.pages.library.library.VIDEOS_PER_PAGE", 2)
    monkeypatch.setattr("cattube.web.pages.library.library.HITS_PER_PAGE", 2)
    for number in range(5):
        make_video(title=f"Cat {number}", duration_seconds=60, visibility="public", status="ready")

    first = client.get(address).content.decode()
    second = follow(client, first, "next")
    third = follow(client, second, "next")

    cards = [re.findall(r'data-video="([^"]+)"', page) for page in (first, second, third)]
    assert [len(ids) for ids in cards] == [2, 2, 1]
    assert len({video_id for ids in cards for video_id in ids}) == 5
    assert 'rel="next"' not in third
    assert 'rel="prev"' not in first
    assert re.findall(r'data-video="([^"]+)"', follow(client, third, "prev")) == cards[1]
    assert re.findall(r'data-video="([^"]+)"', follow(client, second, "prev")) == cards[0]


def test_library_costs_the_same_queries_for_one_video_and_for_many(
    as_alice: Client,
    ready_video: Video,
    make_video: MakeVideo,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(23):
        make_video(title=f"Cat {number}", visibility="public", status="ready").set_tags(["a", "b"])

    as_alice.get("/upload/")  # the first page in some minutes also records the visit
    with django_assert_max_num_queries(10):
        as_alice.get("/")
    with django_assert_max_num_queries(9):
        as_alice.get("/api/videos")
    with django_assert_max_num_queries(12):
        as_alice.get("/?q=cat")
    with django_assert_max_num_queries(6):
        as_alice.get("/api/suggest?q=cat")


def test_home_shows_what_a_person_has_begun_and_what_is_new_where_they_follow_w163(
    as_bob: Client, bob: User, client: Client, make_video: MakeVideo
) -> None:
    """W163: and marks what they have watched; others see nothing of it."""
    facts = {"visibility": "public", "status": "ready", "duration_seconds": 200.0}
    begun, watched, hidden = (make_video(title=name, **facts) for name in ("Begun", "Watched", "Hidden"))
    for video, seconds in ((hidden, 9), (watched, 0), (begun, 50)):
        as_bob.put(f"/api/videos/{video.pk}/position", f'{{"seconds": {seconds}}}', "application/json")
    Video.objects.filter(pk=hidden.pk).update(visibility="private")
    as_bob.put("/api/channels/alice/follow")

    page = as_bob.get("/")

    shelves = {shelf.title: [video.title for video in shelf.videos] for shelf in page.context["shelves"]}
    assert shelves == {
        "Continue watching": ["Begun"],
        "From channels you follow": ["Watched", "Begun"],
    }
    values = re.findall(r'class="thumb__seen" value="(\d+)"', page.content.decode())
    assert sorted(map(int, values)) == [25, 25, 25, 100, 100]
    assert "shelf" not in as_bob.get("/?order=title").content.decode()
    assert "thumb__seen" not in client.get("/").content.decode()


def test_shelves_cost_the_same_however_much_there_is_w163(
    as_bob: Client, make_video: MakeVideo, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """W163"""
    as_bob.get("/")
    for number in range(6):
        video = make_video(title=f"{number}", visibility="public", status="ready", duration_seconds=60)
        as_bob.put(f"/api/videos/{video.pk}/position", '{"seconds": 9}', "application/json")
        as_bob.put("/api/channels/alice/follow")
        if number == 0:
            with CaptureQueriesContext(connection) as queries:
                as_bob.get("/")
            of_one = len(queries)

    with django_assert_num_queries(of_one):
        as_bob.get("/")
