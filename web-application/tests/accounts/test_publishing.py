"""Moving videos between the channels in which a person publishes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from cattube.accounts.publishing import publish_in
from cattube.channels.models import Channel
from cattube.errors import NotFound
from cattube.videos.models import Asset, Video

PUBLIC = {"visibility": "public", "status": "ready"}
DETAILS = {"title": "Gable", "description": "", "tags": "", "visibility": "private"}


def patch(client: Client, path: str, **changes: Any) -> Any:
    return client.patch(path, json.dumps(changes), "application/json")


def test_form_of_a_video_offers_the_channels_of_its_person(
    as_alice: Client, as_bob: Client, club: User, make_video: MakeVideo, bob: User
) -> None:
    video, of_bob = make_video(**PUBLIC), make_video(owner=bob)

    assert "Roof club" in as_alice.get(f"/videos/{video.pk}/edit").content.decode()
    assert 'name="channel"' not in as_bob.get(f"/videos/{of_bob.pk}/edit").content.decode()
    as_alice.post(f"/videos/{video.pk}/edit", {**DETAILS, "channel": "roof-club"})
    assert Video.objects.get(pk=video.pk).owner == club
    page = as_alice.get(f"/videos/{video.pk}/edit").content.decode()
    assert '<option value="roof-club" selected>' in page
    as_alice.post(f"/videos/{video.pk}/edit", {**DETAILS, "channel": "alice"})
    assert Video.objects.get(pk=video.pk).owner.username == "alice"


def test_form_moves_no_video_by_itself(
    as_alice: Client, alice: User, club: User, make_video: MakeVideo
) -> None:
    """Whoever has no channel of their own is offered to leave it where it is."""
    Channel.objects.filter(owner=alice).delete()
    video = make_video(**PUBLIC)

    page = as_alice.get(f"/videos/{video.pk}/edit").content.decode()
    as_alice.post(f"/videos/{video.pk}/edit", {**DETAILS, "channel": ""})

    assert '<option value="" selected>As it is</option>' in page
    video.refresh_from_db()
    assert (video.owner, video.title) == (alice, "Gable")
    as_alice.post(f"/videos/{video.pk}/edit", {**DETAILS, "channel": "roof-club"})
    assert Video.objects.get(pk=video.pk).owner == club


@pytest.mark.parametrize("name", ["roof-club", "alice", "nobody", ""])
def test_d103_nobody_publishes_in_a_channel_of_others(
    as_bob: Client, bob: User, club: User, make_video: MakeVideo, name: str
) -> None:
    """D103"""
    video = make_video(owner=bob, **PUBLIC)

    answer = patch(as_bob, f"/api/videos/{video.pk}", channel=name, title="Mine")

    assert (answer.status_code, answer.json()["error"]) == (400, "INVALID_FIELDS")
    video.refresh_from_db()
    assert (video.owner, video.title) == (bob, "Cat on a roof")


def test_d103_video_moves_only_where_there_is_room(
    as_alice: Client, club: User, make_video: MakeVideo, settings: Settings
) -> None:
    """D103"""
    settings.MAX_BYTES_PER_USER = 1000
    there, mine = make_video(owner=club, **PUBLIC), make_video(**PUBLIC)
    for video in (there, mine):
        Asset.objects.create(video=video, role="watermarked", object_key=video.pk, size_bytes=600)

    by_script = patch(as_alice, f"/api/videos/{mine.pk}", channel="roof-club")
    page = as_alice.post(f"/videos/{mine.pk}/edit", {**DETAILS, "channel": "roof-club"})

    assert by_script.json()["error"] == "QUOTA_EXCEEDED"
    assert by_script.json()["message"].startswith("Roof club uses 1 of 1 kB")
    assert "Delete videos forever" in page.content.decode()
    assert Video.objects.get(pk=mine.pk).owner.username == "alice"


@pytest.mark.parametrize("status", ["uploading", "processing"])
def test_d106_unfinished_video_moves_nowhere(
    as_alice: Client, alice: User, club: User, make_video: MakeVideo, status: str
) -> None:
    """D106"""
    video = make_video(status=status)

    by_script = patch(as_alice, f"/api/videos/{video.pk}", channel="roof-club")
    page = as_alice.post(f"/videos/{video.pk}/edit", {**DETAILS, "channel": "roof-club"})

    assert (by_script.status_code, by_script.json()["error"]) == (409, "NOT_FINISHED")
    assert "still processed" in page.content.decode()
    assert Video.objects.get(pk=video.pk).owner == alice


def test_d107_moving_a_video_writes_no_older_words_back(
    alice: User, club: User, make_video: MakeVideo
) -> None:
    """D107: somebody else has changed them since the video was read."""
    video = make_video(**PUBLIC)
    Video.objects.filter(pk=video.pk).update(title="Gable", description="Slate")

    moved = publish_in(video, "roof-club", alice)

    assert (moved.title, moved.description, video.owner) == ("Gable", "Slate", club)
    stored = Video.objects.get(pk=video.pk)
    assert (stored.title, stored.description, stored.owner) == ("Gable", "Slate", club)


def test_d103_member_moves_no_video_that_another_has_taken_out_meanwhile(
    alice: User, bob: User, club: User, make_video: MakeVideo
) -> None:
    """D103"""
    video = make_video(owner=club, **PUBLIC)
    Video.objects.filter(pk=video.pk).update(owner=bob)

    with pytest.raises(NotFound):
        publish_in(video, "alice", alice)

    assert Video.objects.get(pk=video.pk).owner == bob
