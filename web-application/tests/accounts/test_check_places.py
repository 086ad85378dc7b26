"""Hashing a password takes a processor for most of a second, so whoever has no place waits (W59)."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest
from accounts.taken_places import all_taken
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from cattube import settings as shipped
from cattube.accounts.login import check_places
from cattube.accounts.login.attempts import TooManyAttempts
from cattube.accounts.models import HomeAddress
from cattube.accounts.passwords.hashers import PlacedPasswordHasher
from cattube.accounts.passwords.reset_links import reset_link

OLD, NEW = "alice's cat is grey", "a cat in every window"
HASHERS = ["cattube.accounts.passwords.hashers.PlacedPasswordHasher"]


@pytest.fixture(autouse=True)
def quick_hasher(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hasher that is shipped, so quick that a test does not wait for it."""
    monkeypatch.setattr(PlacedPasswordHasher, "iterations", 1)
    settings.PASSWORD_HASHERS = HASHERS


@pytest.fixture
def alice_here(alice: User) -> Client:
    """Her browser, at the address that she last came from."""
    User.objects.filter(pk=alice.pk).update(password=make_password(OLD))
    alice.refresh_from_db()
    client = Client()
    client.force_login(alice)
    HomeAddress.objects.update_or_create(
        user=alice, defaults={"address": "127.0.0.1", "seen_at": timezone.now()}
    )
    return client


def sign_up(settings: Settings) -> Any:
    settings.SIGN_UP_OPEN = True
    return Client().post("/signup/", {"username": "dave", "password1": NEW, "password2": NEW})


def change_password(client: Client) -> Any:
    form = {"old_password": OLD, "new_password1": NEW, "new_password2": NEW}
    return client.post("/settings/password", form)


def change_email(client: Client) -> Any:
    return client.post("/settings/email", {"email": "alice@example.org", "password": OLD})


def open_reset_link(user: User) -> tuple[Client, str]:
    client = Client()
    page = client.get(reset_link(user, origin=""), follow=True)
    return client, page.request["PATH_INFO"]


def test_w59_site_hashes_by_places_alone() -> None:
    assert shipped.PASSWORD_HASHERS == HASHERS


def test_w59_hash_of_an_older_version_still_opens_its_account() -> None:
    encoded = PlacedPasswordHasher.__base__().encode(OLD, "salt")  # type: ignore[misc]

    assert isinstance(identify_hasher(encoded), PlacedPasswordHasher)
    assert check_password(OLD, encoded)


def test_w59_whatever_hashes_needs_a_place_and_gives_it_back() -> None:
    with all_taken():
        with pytest.raises(TooManyAttempts):
            make_password(NEW)
        with pytest.raises(TooManyAttempts):
            check_password(NEW, "pbkdf2_sha256$1$salt$hash")

    for _ in range(2 * check_places.MOST_FROM_ELSEWHERE):
        make_password(NEW)


def test_w59_whoever_has_a_place_hashes_in_it_and_nobody_else_does() -> None:
    outcomes: list[bool] = []

    def hash_elsewhere() -> None:
        try:
            make_password(NEW)
        except TooManyAttempts:
            outcomes.append(False)

    with all_taken(), check_places.check_place(is_home=True):
        make_password(NEW)
        thread = Thread(target=hash_elsewhere)
        thread.start()
        thread.join()

    assert outcomes == [False]


def test_w59_sign_up_without_a_place_is_told_in_words_and_makes_no_account(
    db: None, settings: Settings
) -> None:
    with all_taken():
        answer = sign_up(settings)

    assert (answer.status_code, answer["Retry-After"]) == (429, "2")
    assert "Wait 2 seconds, then try again" in answer.content.decode()
    assert not User.objects.filter(username="dave").exists()
    assert sign_up(settings).status_code == 302


@pytest.mark.parametrize("change", [change_password, change_email])
def test_w59_owner_at_home_changes_a_password_although_strangers_take_all_places(
    alice_here: Client, settings: Settings, change: Any
) -> None:
    settings.MAIL_IS_SET_UP = True
    with all_taken(also_at_home=True):
        refused = change(alice_here)

    with all_taken():
        done = change(alice_here)

    assert [refused.status_code, done.status_code] == [429, 302]


def test_w59_link_to_a_new_password_is_used_although_strangers_take_all_places(
    alice_here: Client, alice: User
) -> None:
    client, path = open_reset_link(alice)
    passwords = {"new_password1": NEW, "new_password2": NEW}
    with all_taken(also_at_home=True):
        refused = client.post(path, passwords)

    with all_taken():
        done = client.post(path, passwords)

    assert [refused.status_code, done.status_code] == [429, 302]
    assert check_password(NEW, User.objects.get(pk=alice.pk).password)


def test_w59_administration_hashes_by_places_too(admin_client: Client, alice: User) -> None:
    path = f"/admin/auth/user/{alice.pk}/password/"
    passwords = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    with all_taken():
        refused = admin_client.post(path, passwords)

    assert [refused.status_code, admin_client.post(path, passwords).status_code] == [429, 302]
