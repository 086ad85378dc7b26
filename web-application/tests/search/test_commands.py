"""manage.py rebuild_search, and the libraries that manage.py seed_library makes."""

from __future__ import annotations

import pytest
from conftest import MakeVideo
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from cattube.captions.formats.timed_text import TimedText
from cattube.search.indexing import set_transcript
from cattube.search.models import Entry, IndexedText, KnownWord
from cattube.search.triggers import drop_entry_triggers
from cattube.videos.models import Video

PUBLIC = {"visibility": "public", "status": "ready"}
pytestmark = pytest.mark.django_db


def found(client: Client, query: str) -> int:
    return client.get("/api/videos", {"q": query}).json()["total"]  # type: ignore[no-any-return]


def test_index_is_made_anew_of_what_is_there_d67(client: Client, make_video: MakeVideo) -> None:
    """D67"""
    video = make_video(title="Rope", **PUBLIC)
    video.set_tags(["sea"])
    set_transcript(video.pk, "en", [TimedText(1, 2, "hello")])
    IndexedText.objects.update(title="", tags="", transcript="")
    KnownWord.objects.all().delete()
    assert found(client, "rope") == 0

    call_command("rebuild_search", verbosity=0)

    assert [found(client, query) for query in ("rope", "sea", "hello", "alice")] == [1, 1, 1, 1]
    assert "1 result for “rope hello”" in client.get("/?q=rope+helol").content.decode()


def test_triggers_that_a_migration_dropped_are_made_anew_d67(client: Client, make_video: MakeVideo) -> None:
    """D67"""
    make_video(title="Rope", **PUBLIC)
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL rewrites no table for a migration")
    drop_entry_triggers(connection)
    Video.objects.update(visibility="private")
    Video.objects.bulk_create([Video(owner=Video.objects.get().owner, title="New", **PUBLIC)])
    assert found(client, "rope") == 0
    assert Entry.objects.filter(visibility="public").count() == 1

    call_command("migrate", verbosity=0)

    assert {entry.visibility for entry in Entry.objects.all()} == {"private", "public"}
    Video.objects.update(visibility="unlisted")
    assert {entry.visibility for entry in Entry.objects.all()} == {"unlisted"}


def test_seeded_library_is_searched_like_any_other_d68(client: Client) -> None:
    """D68"""
    call_command("seed_library", videos=60, people=5, cues=300, views=0, verbosity=0)

    some = Video.objects.filter(**PUBLIC).order_by("pk").prefetch_related("tags").first()
    assert some is not None
    answer = client.get("/api/videos", {"q": some.title, "limit": "100"}).json()
    assert some.pk in [video["id"] for video in answer["items"]]
    assert found(client, some.title.split()[0]) >= 1
    assert found(client, some.tag_list[0]) >= 1
    total = client.get("/api/videos").json()["total"]
    assert total == Video.objects.filter(**PUBLIC).count()
    assert sum(text.transcript.count("\n") + 1 for text in IndexedText.objects.all()) == 300


def test_site_with_videos_is_seeded_only_when_told_d68(make_video: MakeVideo) -> None:
    """D68"""
    make_video()

    with pytest.raises(CommandError, match="--add"):
        call_command("seed_library", videos=1, people=1, cues=0)
    call_command("seed_library", videos=1, people=1, cues=0, add=True, verbosity=0)
    call_command("seed_library", videos=1, people=1, cues=0, add=True, verbosity=0)

    assert Video.objects.count() == 3
