"""Groups in the administration: their channels are made there, given a limit, and deleted."""

from __future__ import annotations

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import Group, User
from django.test import Client

from cattube.channels.models import Channel, GroupAccount
from cattube.videos.models import Video


def test_administrator_gives_a_group_its_channel(as_carol: Client, alice: User) -> None:
    group, other = Group.objects.create(name="Roof club"), Group.objects.create(name="alice")

    done = as_carol.post("/admin/channels/groupaccount/add/", {"group": group.pk})
    refused = as_carol.post("/admin/channels/groupaccount/add/", {"group": other.pk})

    assert done.status_code == 302
    assert "Roof club" in as_carol.get("/admin/channels/groupaccount/").content.decode()
    assert "looks like this one" in refused.content.decode()
    assert GroupAccount.objects.get().account.channel.name == "roof-club"


@pytest.mark.parametrize("place", ["channels/groupaccount", "auth/user"])
@pytest.mark.parametrize("many", [True, False])
def test_d108_channel_of_a_group_is_deleted_with_its_account(
    as_carol: Client, club: User, make_video: MakeVideo, place: str, many: bool
) -> None:
    """D108"""
    make_video(owner=club, title="Chimney")
    listed, form = f"/admin/{place}/", {"action": "delete_selected", "_selected_action": club.pk}
    path, data = (listed, form) if many else (f"{listed}{club.pk}/delete/", {})

    asked = as_carol.post(path, data) if many else as_carol.get(path)
    done = as_carol.post(path, {**data, "post": "yes"})

    assert "Chimney" in asked.content.decode()
    assert done.status_code == 302
    assert not User.objects.filter(pk=club.pk).exists()
    assert not Channel.objects.filter(name="roof-club").exists()
    assert not GroupAccount.objects.exists()
    assert not Video.objects.exists()
    as_carol.post(f"/admin/auth/group/{Group.objects.get().pk}/delete/", {"post": "yes"})
    assert not Group.objects.exists()


def test_d109_group_gets_a_limit_though_its_name_has_a_space(as_carol: Client, club: User) -> None:
    """D109"""
    form = {
        "username": "somebody",
        "is_active": "on",
        "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00:00",
        "storage_limit-TOTAL_FORMS": 1,
        "storage_limit-INITIAL_FORMS": 0,
        "storage_limit-0-user": club.pk,
        "storage_limit-0-max_bytes": 5000,
    }

    answer = as_carol.post(f"/admin/auth/user/{club.pk}/change/", form)

    assert answer.status_code == 302
    club.refresh_from_db()
    assert (club.username, club.is_active, club.storage_limit.max_bytes) == ("Roof club", False, 5000)
