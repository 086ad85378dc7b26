"""Names of channels, from those of people."""

from __future__ import annotations

import re
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import User

from cattube.channels.models import Channel
from cattube.channels.names import PATTERN, free_name, name_from


@pytest.mark.parametrize(
    ("username", "name"),
    [
        ("alice", "alice"),
        ("José Ruiz", "jose-ruiz"),
        ("Bo.Hansen@example.org", "bo-hansen-example-org"),
        ("__x__", "x"),
        ("猫", "channel"),
        ("\uff21lice", "alice"),
        ("x" * 150, "x" * 32),
        ("../admin", "admin"),
    ],
)
def test_name_is_safe_in_an_address(username: str, name: str) -> None:
    assert name_from(username) == name
    assert re.fullmatch(PATTERN, name)


def test_second_person_of_a_name_gets_a_number() -> None:
    assert free_name("Alice", {"alice", "alice-2"}) == "alice-3"


@pytest.mark.django_db
def test_people_with_like_names_have_channels_of_their_own() -> None:
    for username in ("猫", "犬", "bo hansen", "bo-hansen"):
        User.objects.create_user(username)

    assert [user.channel.name for user in User.objects.order_by("pk")] == [
        *("channel", "channel-2", "bo-hansen", "bo-hansen-2")
    ]


@pytest.mark.django_db
def test_people_of_an_earlier_version_get_channels() -> None:
    User.objects.bulk_create([User(username=name) for name in ("bo hansen", "bo-hansen", "猫")])

    import_module("cattube.channels.migrations.0002_channels_of_people").fill(apps, None)

    assert set(Channel.objects.values_list("name", flat=True)) == {"bo-hansen", "bo-hansen-2", "channel"}
