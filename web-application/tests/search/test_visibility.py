"""Doors of the search, for every role and kind of video: hits, counts, suggestions, corrections."""

from __future__ import annotations

import re
from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from cattube.captions.formats.timed_text import TimedText
from cattube.search.indexing import set_transcript
from cattube.search.models import Entry
from cattube.videos import access
from cattube.videos.models import Video
from cattube.videos.states import Status

KINDS: dict[str, dict[str, Any]] = {
    "public": {"visibility": "public", "status": "ready"},
    "unlisted": {"visibility": "unlisted", "status": "ready"},
    "private": {"visibility": "private", "status": "ready"},
    "processing": {"visibility": "public", "status": "processing"},
    "failed": {"visibility": "public", "status": "failed"},
    "trashed": {"visibility": "public", "status": "ready", "trashed_at": timezone.now()},
}
FINDS = {"anonymous": {"public"}, "bob": {"public"}, "carol": {"public"}, "alice": set(KINDS) - {"trashed"}}


@pytest.fixture
def clients(as_alice: Client, as_bob: Client, as_carol: Client) -> dict[str, Client]:
    return {"anonymous": Client(), "alice": as_alice, "bob": as_bob, "carol": as_carol}


@pytest.fixture
def secret(make_video: MakeVideo) -> Video:
    """Video of alice with a word of its own in each of its texts."""
    video = make_video(title="Lighthouse", description="zanzibar")
    video.set_tags(["quixotic"])
    set_transcript(video.pk, "en", [TimedText(1, 2, "periwinkle")])
    return video


WORDS = ("lighthouse", "zanzibar", "quixotic", "periwinkle", "alice")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", FINDS)
def test_search_finds_what_the_viewer_may_see_and_nothing_else_d65(
    clients: dict[str, Client], secret: Video, role: str, kind: str
) -> None:
    """D65"""
    Video.objects.filter(pk=secret.pk).update(**KINDS[kind])
    client, number = clients[role], int(kind in FINDS[role])

    for parameters in [{"q": word} for word in WORDS] + [{}, {"tag": "quixotic"}, {"channel": "alice"}]:
        document = client.get("/api/videos", parameters).json()
        page = client.get("/", parameters).content.decode()
        assert (len(document["items"]), document["total"]) == (number, number)
        assert (secret.pk in page) == bool(number)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", FINDS)
def test_suggestions_and_corrections_tell_no_word_of_what_is_not_shown_d65(
    clients: dict[str, Client], secret: Video, role: str, kind: str
) -> None:
    """D65"""
    Video.objects.filter(pk=secret.pk).update(**KINDS[kind])
    client, is_found = clients[role], kind in FINDS[role]

    for typed in ("lig", "qui", "ali", "lighthuose", "zanzibra", "periwinkel"):
        items = client.get("/api/suggest", {"q": typed}).json()["items"]
        assert bool(items) == is_found, typed
    for typed, word in [("zanzibra", "zanzibar"), ("periwinkel", "periwinkle"), ("lighthuose", "lighthouse")]:
        page = client.get("/", {"q": typed}).content.decode().lower()
        assert (word in page) == is_found


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private"])
@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("is_trashed", [False, True])
def test_entry_is_listed_exactly_where_its_video_is_d65(
    make_video: MakeVideo, bob: User, visibility: str, status: str, is_trashed: bool
) -> None:
    """D65"""
    video = make_video()
    trashed_at = timezone.now() if is_trashed else None
    Video.objects.filter(pk=video.pk).update(visibility=visibility, status=status, trashed_at=trashed_at)

    for viewer in (video.owner, bob):
        videos = set(access.listed_for(viewer).values_list("pk", flat=True))
        assert set(Entry.objects.filter(access.listed(viewer)).values_list("video_id", flat=True)) == videos
        assert (
            set(Entry.objects.filter(access.is_listed(viewer)).values_list("video_id", flat=True)) == videos
        )


def test_mistyped_search_says_what_it_shows_instead(client: Client, make_video: MakeVideo) -> None:
    make_video(title="The lighthouse keeper", visibility="public", status="ready")

    page = client.get("/", {"q": "lighthuose keeper"}).content.decode()

    assert "1 result for “lighthouse keeper”" in page
    assert "Nothing was found for “lighthuose keeper”." in page


def test_hit_in_speech_leads_to_its_second_and_nothing_of_it_is_markup_d66(
    client: Client, make_video: MakeVideo
) -> None:
    """D66"""
    video = make_video(
        title="<b>Rope</b> & more", visibility="public", status="ready", description="<i>rope</i>"
    )
    video.set_tags(["<u>rope"])
    set_transcript(video.pk, "en", [TimedText(83.9, 86, "<script>alert(1)</script> the rope")])

    page = client.get("/", {"q": "rope"}).content.decode()

    assert f'href="/videos/{video.pk}?t=83"' in page
    assert "&lt;b&gt;<mark>Rope</mark>&lt;/b&gt; &amp; more" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; the <mark>rope</mark>" in page
    assert not re.search(r"<(b|i|u)>|<script>alert", page)


def test_search_without_hits_says_what_may_hide_some(client: Client, make_video: MakeVideo) -> None:
    make_video(title="Rope", duration_seconds=30, visibility="public", status="ready")

    page = client.get("/", {"q": "rope", "length": "long", "age": "week"}).content.decode()

    assert "No results for “rope”" in page
    assert "2 filters are on, which may hide some." in page
    assert 'href="/?q=rope">Clear filters' in page
