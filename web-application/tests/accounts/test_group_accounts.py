"""Channels of groups: members publish there, and change what is there as if it were their own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import Group, User
from django.db.models import ProtectedError
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from cattube.accounts.new_group_accounts import make_group_account
from cattube.channels.group_accounts import acts_for, group_account_ids
from cattube.channels.models import GroupAccount
from cattube.errors import InvalidFields
from cattube.videos.models import Asset, Video

PUBLIC = {"visibility": "public", "status": "ready"}


@pytest.fixture
def club(alice: User, db: None) -> User:
    """Account of a group whose only member is alice."""
    group = Group.objects.create(name="Roof club")
    alice.groups.add(group)
    return make_group_account(group).account


def patch(client: Client, path: str, **changes: Any) -> Any:
    return client.patch(path, json.dumps(changes), "application/json")


def test_member_publishes_into_the_channel_and_everybody_finds_it_there(
    as_alice: Client, client: Client, club: User, make_video: MakeVideo
) -> None:
    video = make_video(title="Gable", **PUBLIC)

    answer = patch(as_alice, f"/api/videos/{video.pk}", channel="roof-club")

    assert (answer.json()["user"], answer.json()["channel"]) == ("Roof club", "roof-club")
    assert answer.json()["can_edit"]
    page = client.get("/channels/roof-club").content.decode()
    assert "Gable" in page
    assert "a group" in page
    assert client.get("/channels/alice").status_code == 404
    assert [item["id"] for item in client.get("/api/videos?q=roof").json()["items"]] == [video.pk]
    assert [item["id"] for item in client.get("/api/videos?channel=roof-club").json()["items"]] == [video.pk]


def test_form_of_a_video_offers_the_channels_of_its_person(
    as_alice: Client, as_bob: Client, club: User, make_video: MakeVideo, bob: User
) -> None:
    video, of_bob = make_video(**PUBLIC), make_video(owner=bob)
    details = {"title": "Gable", "description": "", "tags": "", "visibility": "private"}

    assert "Roof club" in as_alice.get(f"/videos/{video.pk}/edit").content.decode()
    assert 'name="channel"' not in as_bob.get(f"/videos/{of_bob.pk}/edit").content.decode()
    as_alice.post(f"/videos/{video.pk}/edit", {**details, "channel": "roof-club"})
    assert Video.objects.get(pk=video.pk).owner == club
    page = as_alice.get(f"/videos/{video.pk}/edit").content.decode()
    assert '<option value="roof-club" selected>' in page
    as_alice.post(f"/videos/{video.pk}/edit", {**details, "channel": "alice"})
    assert Video.objects.get(pk=video.pk).owner.username == "alice"


def test_d103_members_alone_see_and_change_what_a_group_has(
    as_alice: Client, as_bob: Client, bob: User, club: User, make_video: MakeVideo
) -> None:
    """D103"""
    hidden = make_video(owner=club, title="Chimney", visibility="private", status="ready")

    def can(client: Client) -> tuple[int, int, bool]:
        path = f"/api/videos/{hidden.pk}"
        listed = [item["id"] for item in client.get("/api/videos").json()["items"]]
        return client.get(path).status_code, patch(client, path, title="Pot").status_code, hidden.pk in listed

    assert (can(as_alice), can(as_bob)) == ((200, 200, True), (404, 404, False))
    bob.groups.add(Group.objects.get())
    assert can(as_bob) == (200, 200, True)
    bob.groups.clear()
    assert can(as_bob) == (404, 404, False)


def test_d103_channel_is_changed_by_members_alone(
    as_alice: Client, as_bob: Client, club: User, make_video: MakeVideo
) -> None:
    """D103"""
    assert as_bob.get("/channels/roof-club").status_code == 404
    make_video(owner=club, **PUBLIC)

    answers = [patch(one, "/api/channels/roof-club", about="Tiles").status_code for one in (as_alice, as_bob)]

    assert answers == [200, 403]
    assert "/channels/roof-club/edit" in as_alice.get("/channels/roof-club").content.decode()
    assert "/channels/roof-club/edit" not in as_bob.get("/channels/roof-club").content.decode()
    assert "/channels/roof-club" in as_alice.get("/channels/alice").content.decode()


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
    details = {"title": "Mine", "description": "", "tags": "", "visibility": "public"}
    page = as_alice.post(f"/videos/{mine.pk}/edit", {**details, "channel": "roof-club"})

    assert by_script.json()["error"] == "QUOTA_EXCEEDED"
    assert "Delete videos for ever" in page.content.decode()
    assert Video.objects.get(pk=mine.pk).owner.username == "alice"


def test_d103_nobody_logs_in_as_a_group(client: Client, club: User) -> None:
    """D103"""
    for password in ("", "Roof club", "!"):
        client.post("/login/", {"login": "Roof club", "password": password})

    assert "_auth_user_id" not in client.session
    assert not club.is_active
    assert not club.has_usable_password()


def test_group_with_the_name_of_a_person_gets_no_account(alice: User) -> None:
    with pytest.raises(InvalidFields, match="looks like"):
        make_group_account(Group.objects.create(name="Alice"))

    assert not GroupAccount.objects.exists()


def test_group_that_has_a_channel_is_not_deleted(club: User) -> None:
    with pytest.raises(ProtectedError):
        Group.objects.all().delete()


def test_administrator_gives_a_group_its_channel(as_carol: Client, alice: User) -> None:
    group, other = Group.objects.create(name="Roof club"), Group.objects.create(name="alice")

    done = as_carol.post("/admin/channels/groupaccount/add/", {"group": group.pk})
    refused = as_carol.post("/admin/channels/groupaccount/add/", {"group": other.pk})

    assert done.status_code == 302
    assert "Roof club" in as_carol.get("/admin/channels/groupaccount/").content.decode()
    assert "looks like this one" in refused.content.decode()
    assert GroupAccount.objects.get().account.channel.name == "roof-club"


def test_groups_are_asked_for_once_and_of_people_not_at_all(
    alice: User, bob: User, club: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert acts_for(alice, alice)
        assert not acts_for(alice, bob)
    with django_assert_num_queries(1):
        assert acts_for(alice, club)
        assert group_account_ids(alice) == {club.pk}
