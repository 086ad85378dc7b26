"""Users of sessions: read by a prepared query, and the same as Django's own backend would have them."""

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.test import Client

from cattube.accounts.user_backend import UserBackend

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return User.objects.create_user("tom")


def test_user_is_the_one_that_django_would_read(user: User) -> None:
    ours, djangos = UserBackend().get_user(user.pk), ModelBackend().get_user(user.pk)

    assert ours == djangos
    assert ours is not None
    assert djangos is not None
    assert {**ours.__dict__, "_state": None} == {**djangos.__dict__, "_state": None}
    assert UserBackend().get_user(user.pk + 1) is None


def test_session_that_was_begun_under_an_earlier_version_goes_on(client: Client, user: User) -> None:
    client.force_login(user)
    session = client.session
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session.save()

    assert client.get("/").context["user"] == user


def test_who_is_no_longer_active_is_signed_out_at_once(client: Client, user: User) -> None:
    client.force_login(user)
    assert client.get("/").context["user"] == user

    User.objects.filter(pk=user.pk).update(is_active=False)

    assert not client.get("/").context["user"].is_authenticated
