"""Deleted videos can be taken back, and free their space when deleted for ever, one or all."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from statuses import objects_in_bucket

from cattube.captions.models import Captioning
from cattube.processing.lifecycle import deletion
from cattube.processing.reconcile import reconcile
from cattube.processing.transloadit.client import engine_client
from cattube.videos.models import Asset, Video
from cattube.videos.trash import move_to_trash
from cattube.web.pages.library import trash as trash_page

UNTIL = re.compile(r'name="until" value="([^"]+)"')


def hidden_moment(page: str) -> str:
    found = UNTIL.search(page)
    assert found is not None
    return found.group(1)


@pytest.fixture
def two_trashed(make_video: MakeVideo) -> list[Video]:
    """Two deleted videos of alice's, with 37 GB and 1.5 MB."""
    now = timezone.now()
    videos = [
        make_video(title=f"Cat {hours}", trashed_at=now - timedelta(hours=hours), status="ready")
        for hours in (2, 1)
    ]
    for video, size_bytes in ((videos[0], 36_999_000_000), (videos[0], 1_000_000), (videos[1], 1_500_000)):
        Asset.objects.create(video=video, role="x", object_key=f"x/{size_bytes}", size_bytes=size_bytes)
    return videos


def test_deleted_video_is_taken_back_by_undo(as_alice: Client, make_video: MakeVideo) -> None:
    video = make_video(title="Cats on the roof")

    page = as_alice.post(f"/videos/{video.pk}/delete", follow=True).content.decode()

    assert f'action="/videos/{video.pk}/restore"' in page
    assert as_alice.get(f"/videos/{video.pk}").status_code == 404
    as_alice.post(f"/videos/{video.pk}/restore")
    assert as_alice.get(f"/videos/{video.pk}").status_code == 200


def test_trash_shows_own_deleted_videos_only(as_alice: Client, as_bob: Client, make_video: MakeVideo) -> None:
    video = make_video(title="Cats on the roof")
    make_video(title="Still here")
    as_alice.post(f"/videos/{video.pk}/delete")
    as_alice.get("/")  # shows the message once

    mine, theirs = (client.get("/trash/").content.decode() for client in (as_alice, as_bob))

    assert "Cats on the roof" in mine
    assert "Still here" not in mine
    assert "Cats on the roof" not in theirs


def test_video_deleted_for_ever_is_gone(as_alice: Client, make_video: MakeVideo) -> None:
    video = make_video()
    as_alice.post(f"/videos/{video.pk}/delete")

    as_alice.post(f"/videos/{video.pk}/erase")

    assert not Video.objects.filter(pk=video.pk).exists()


def test_what_lay_in_the_trash_long_enough_is_deleted_by_itself(
    as_alice: Client, ready_video: Video, make_video: MakeVideo, settings: Settings
) -> None:
    settings.TRASH_LIFETIME = timedelta(days=30)
    fresh, forgotten = timezone.now() - timedelta(days=29), timezone.now() - timedelta(days=31)
    recent = make_video(trashed_at=fresh)
    Video.objects.filter(pk=ready_video.pk).update(trashed_at=forgotten)
    page = as_alice.get("/trash/").content.decode()

    reconcile()

    assert "by itself after 30 days" in page
    assert [video.pk for video in Video.objects.all()] == [recent.pk]
    assert objects_in_bucket() == []


def test_w173_trash_asks_before_it_deletes_and_says_what_that_frees(
    as_alice: Client, two_trashed: list[Video]
) -> None:
    """W173"""
    page = as_alice.get("/trash/").content.decode()

    assert "Empty trash, frees 37 GB" in page
    assert "2 videos are deleted with all files, which frees 37 GB. Nobody can take them back." in page
    assert "It is deleted with all files, which frees 1.5 MB. Nobody can take it back." in page
    for action in (f"/videos/{two_trashed[0].pk}/erase", "/trash/empty"):
        # Each form stands in a popover, which a button opens.
        dialog = page.split(f'action="{action}"')[0].rsplit("<div", 2)[-2]
        popover = re.search(r'id="([^"]+)" popover', dialog)
        assert popover is not None
        assert f'popovertarget="{popover.group(1)}">' in page
        assert f'popovertarget="{popover.group(1)}" popovertargetaction="hide" aria-label="Close"' in page


def test_w173_emptied_trash_frees_its_files(
    as_alice: Client, ready_video: Video, make_video: MakeVideo
) -> None:
    """W173"""
    kept = make_video(title="Kept")
    move_to_trash(ready_video)

    page = as_alice.get("/trash/").content.decode()
    after = as_alice.post("/trash/empty", {"until": hidden_moment(page)}, follow=True).content.decode()
    reconcile()

    assert "Deleted 1 video forever." in after
    assert "The trash is empty" in after
    assert [video.pk for video in Video.objects.all()] == [kept.pk]
    assert objects_in_bucket() == []


def test_d116_emptying_deletes_nothing_that_came_after_the_question(
    as_alice: Client, two_trashed: list[Video], make_video: MakeVideo
) -> None:
    """D116"""
    until = hidden_moment(as_alice.get("/trash/").content.decode())
    late, restored = make_video(), two_trashed[0]
    move_to_trash(late)
    as_alice.post(f"/videos/{restored.pk}/restore")

    page = as_alice.post("/trash/empty", {"until": until}, follow=True).content.decode()

    assert "Deleted 1 video forever. 1 left." in page
    assert set(Video.objects.values_list("pk", flat=True)) == {late.pk, restored.pk}


@pytest.mark.parametrize("until", ["", "x", "2026-11-30", "2026-13-41T00:00:00Z", "2026-11-30T10:00:00"])
def test_d116_form_without_its_moment_deletes_nothing(
    as_alice: Client, two_trashed: list[Video], until: str
) -> None:
    """D116"""
    as_alice.post("/trash/empty", {"until": until})

    assert Video.objects.count() == 2


def test_d116_nobody_empties_the_trash_of_others(
    as_bob: Client, two_trashed: list[Video], club: User, make_video: MakeVideo, as_alice: Client
) -> None:
    """D116"""
    of_club = make_video(owner=club, trashed_at=timezone.now())

    assert as_bob.delete("/api/trash").json() == {"deleted": 0, "left": 0}
    assert Video.objects.count() == 3
    # A member's trash has what is the group's.
    assert of_club.pk in [item["id"] for item in as_alice.get("/api/trash").json()["items"]]
    assert as_alice.delete("/api/trash").json() == {"deleted": 3, "left": 0}


def test_d116_large_trash_is_emptied_in_steps_that_are_told(
    as_alice: Client, two_trashed: list[Video], monkeypatch: pytest.MonkeyPatch
) -> None:
    """D116"""
    monkeypatch.setattr(deletion, "MOST_AT_ONCE", 1)

    page = as_alice.post("/trash/empty", {"until": timezone.now().isoformat()}, follow=True).content.decode()

    assert "Deleted 1 video forever. 1 left." in page


@pytest.mark.parametrize("until", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_d120_moment_beyond_the_calendar_deletes_nothing(
    as_alice: Client, two_trashed: list[Video], until: str
) -> None:
    """D120"""
    by_page = as_alice.post("/trash/empty", {"until": until})
    by_script = as_alice.delete("/api/trash", query_params={"until": until})

    assert (by_page.status_code, by_script.status_code) == (302, 400)
    assert by_script.json()["message"] == "until: Give a time within the years 1 to 9999."
    assert Video.objects.count() == 2


def test_d116_silent_engine_is_asked_once_about_all_captions(
    as_alice: Client, two_trashed: list[Video], monkeypatch: pytest.MonkeyPatch
) -> None:
    """D116"""
    asked: list[Any] = []
    for video in two_trashed:
        Captioning.objects.create(video=video, state=Captioning.State.WORKING, assembly_id="a" * 32)
    monkeypatch.setattr("cattube.processing.captioning.cancellation.engine_client", counting(asked))

    assert as_alice.delete("/api/trash").json() == {"deleted": 2, "left": 0}
    assert len(asked) == 1


def counting(asked: list[Any]) -> Any:
    """engine_client of an engine that does not answer. asked: gets a line for each question."""

    def make() -> Any:
        asked.append(None)
        return engine_client()

    return make


def test_script_reads_the_trash_in_pages(as_alice: Client, two_trashed: list[Video]) -> None:
    first = as_alice.get("/api/trash?limit=1").json()
    second = as_alice.get("/api/trash", {"limit": 1, "cursor": first["next"]}).json()

    assert [item["title"] for item in (*first["items"], *second["items"])] == ["Cat 1", "Cat 2"]
    assert (first["total"], first["size_bytes"]) == (2, 37_001_500_000)
    assert (second["items"][0]["size_bytes"], second["next"]) == (37_000_000_000, None)


def test_trash_comes_in_pages(
    as_alice: Client, two_trashed: list[Video], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trash_page, "VIDEOS_PER_PAGE", 1)

    first = as_alice.get("/trash/").content.decode()
    link = re.search(r'rel="next" href="([^"]+)"', first)
    assert link is not None
    second = as_alice.get(f"/trash/{link.group(1)}").content.decode()

    assert ("Cat 1" in first, "Cat 2" in first, "Cat 1" in second, "Cat 2" in second) == (
        True,
        False,
        False,
        True,
    )
    assert as_alice.get("/trash/?cursor=x").headers["Location"] == "/trash/"


def test_d117_trash_shows_pictures_to_its_owner_whose_links_end_with_the_restoring(
    as_alice: Client, client: Client, ready_video: Video
) -> None:
    """D117"""
    before = as_alice.get(f"/api/videos/{ready_video.pk}").json()["thumbnail"]
    move_to_trash(ready_video)

    page = as_alice.get("/trash/").content.decode()
    link = re.search(r'<img src="([^"]+)"', page)
    assert link is not None
    shown = link.group(1).replace("&amp;", "&")
    in_trash = [client.get(address) for address in (shown, before)]
    as_alice.post(f"/videos/{ready_video.pk}/restore")
    restored = client.get(shown)

    assert [answer.status_code for answer in (*in_trash, restored)] == [200, 404, 403]
    in_trash[0].close()
