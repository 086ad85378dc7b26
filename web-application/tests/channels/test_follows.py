"""Following channels: those of others, not one's own nor that of a group of one's own."""

from __future__ import annotations

from conftest import MakeVideo
from django.contrib.auth.models import Group, User
from django.test import Client


def test_member_does_not_follow_their_group_and_stops_to_if_they_did(
    as_alice: Client, as_bob: Client, bob: User, club: User, make_video: MakeVideo
) -> None:
    make_video(owner=club, visibility="public", status="ready")
    follow = "/api/channels/roof-club/follow"
    assert as_bob.put(follow).json() == {"followers": 1}
    bob.groups.add(Group.objects.get())

    assert as_alice.put(follow).status_code == 403
    assert "stop following" in as_bob.get("/channels/roof-club").content.decode()
    assert as_bob.delete(follow).json() == {"followers": 0}
    assert 'id="follow"' not in as_bob.get("/channels/roof-club").content.decode()
