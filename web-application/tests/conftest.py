"""The cast and their videos: alice owns, bob is a stranger, carol is staff."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from engine_double import EngineDouble
from pytest_django import Settings
from statuses import NOTIFICATION_URL, completed_status, notification, put_objects

from cattube.accounts.new_group_accounts import make_group_account
from cattube.processing.transloadit.client import client_at
from cattube.videos.models import Video

MakeVideo = Callable[..., Video]


@pytest.fixture(autouse=True)
def fresh_state(settings: Settings, tmp_path: Path) -> None:
    """Every test has a bucket of its own, an engine that is down, and no failed logins before it."""
    settings.BUCKET_FOLDER = tmp_path / "bucket"
    settings.TRANSLOADIT_SERVICE = "http://127.0.0.1:9"
    settings.ALLOWED_HOSTS = ["testserver"]
    cache.clear()


class StoppedClock:
    """Clock of attempts at passwords, which goes on when it is told to."""

    def __init__(self) -> None:
        self.time = timezone.now()

    def now(self) -> datetime:
        return self.time

    def go_on(self, **time: int) -> None:
        self.time += timedelta(**time)


@pytest.fixture
def attempts_clock(monkeypatch: pytest.MonkeyPatch) -> StoppedClock:
    clock = StoppedClock()
    monkeypatch.setattr("cattube.accounts.login.attempts.timezone", clock)
    return clock


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice", password="alice's cat is grey")


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob", password="bob has two cats")


@pytest.fixture
def carol(db: None) -> User:
    return User.objects.create_user(
        "carol", password="carol runs the house", is_staff=True, is_superuser=True
    )


@pytest.fixture
def as_alice(alice: User) -> Client:
    return _logged_in(alice)


@pytest.fixture
def as_bob(bob: User) -> Client:
    return _logged_in(bob)


@pytest.fixture
def as_carol(carol: User) -> Client:
    return _logged_in(carol)


def _logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def club(alice: User) -> User:
    """Account of a group whose only member is alice."""
    group = Group.objects.create(name="Roof club")
    alice.groups.add(group)
    return make_group_account(group).account


@pytest.fixture
def make_video(alice: User) -> MakeVideo:
    """A video of alice's, uploading and private unless said otherwise."""

    def make(**fields: Any) -> Video:
        return Video.objects.create(**{"owner": alice, "title": "Cat on a roof", **fields})

    return make


@pytest.fixture
def alice_video(make_video: MakeVideo) -> Video:
    return make_video()


@pytest.fixture
def ready_video(alice_video: Video, client: Client) -> Video:
    """alice's video, processed, with its four objects in the bucket."""
    report = completed_status(alice_video)
    put_objects(report)
    assert client.post(NOTIFICATION_URL, notification(report)).status_code == 200
    alice_video.refresh_from_db()
    return alice_video


@pytest.fixture
def engine_double(settings: Settings) -> Iterator[EngineDouble]:
    """An engine that knows the Assemblies it is given, over real HTTP."""
    with EngineDouble() as double:
        settings.TRANSLOADIT_SERVICE = double.address
        yield double
        for token in ("", settings.VIDEOS_TOKEN):
            client_at(double.address, token).close()
        # Its port may be another double's soon, which is not to be asked by a client that is closed.
        client_at.cache_clear()
