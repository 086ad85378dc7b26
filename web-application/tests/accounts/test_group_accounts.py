"""Channels of groups: members publish there, and change what is there as if it were their own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import Group, User
from django.db.models import ProtectedError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cattube.accounts.new_group_accounts import make_group_account
from cattube.channels.group_accounts import acts_for, group_account_ids
from cattube.channels.models import GroupAccount
from cattube.errors import InvalidFields

PUBLIC = {"visibility": "public", "status": "ready"}


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


def test_group_with_the_name_of_a_person_gets_no_account(alice: User) -> None:
    with pytest.raises(InvalidFields, match="looks like"):
        make_group_account(Group.objects.create(name="Alice"))

    assert not GroupAccount.objects.exists()


@pytest.mark.parametrize("name", ["Roof\nclub", "Roof\u202eclub", "Roof\u2028club", "Roof\u200bclub"])
def test_d104_name_with_what_is_not_seen_gets_no_account(db: None, name: str) -> None:
    """D104"""
    with pytest.raises(InvalidFields, match="can be seen"):
        make_group_account(Group.objects.create(name=name))


@pytest.mark.parametrize("is_active", [True, False])
def test_d105_members_are_told_by_the_group_whatever_the_account_says(
    as_alice: Client, bob: User, club: User, make_video: MakeVideo, is_active: bool
) -> None:
    """D105: the account of the group is active, or that of a person is not."""
    User.objects.filter(pk__in=[club.pk, bob.pk]).update(is_active=is_active)
    hidden = make_video(owner=club, visibility="private", status="ready")
    make_video(owner=bob, **PUBLIC)

    answers = [patch(as_alice, f"/api/videos/{hidden.pk}", title="Pot").status_code]
    answers += [patch(as_alice, "/api/channels/roof-club", about="Tiles").status_code]
    pages = [as_alice.get(f"/channels/{name}").content.decode() for name in ("roof-club", "bob")]

    assert answers == [200, 200]
    assert ["a group" in page for page in pages] == [True, False]


def test_group_that_has_a_channel_is_not_deleted(club: User) -> None:
    with pytest.raises(ProtectedError):
        Group.objects.all().delete()


def test_groups_are_asked_for_once(
    alice: User, bob: User, club: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert acts_for(alice, alice)
    with django_assert_num_queries(1):
        assert acts_for(alice, club)
        assert not acts_for(alice, bob)
        assert group_account_ids(alice) == {club.pk}
