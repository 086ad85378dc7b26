"""What ends with a password, by whichever way it is changed."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import get_hasher
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from cattube.accounts.models import ApiToken, Attempt
from cattube.accounts.passwords.password_changes import EndOfAccess

NEW = "a cat in every window"


def in_code(alice: User, as_carol: Client) -> None:
    alice.set_password(NEW)
    alice.save()


def in_the_administration(alice: User, as_carol: Client) -> None:
    form = {"usable_password": "true", "password1": NEW, "password2": NEW}
    assert as_carol.post(f"/admin/auth/user/{alice.pk}/password/", form).status_code == 302


@pytest.mark.parametrize("change", [in_code, in_the_administration])
def test_new_password_ends_all_tokens_d42(
    alice: User, bob: User, as_carol: Client, change: Callable[[User, Client], None]
) -> None:
    tokens = [ApiToken.objects.issue(user) for user in (alice, bob)]

    change(alice, as_carol)

    answers = [Client().get("/api/videos", headers={"Authorization": f"Bearer {token}"}) for token in tokens]
    assert [answer.status_code for answer in answers] == [401, 200]
    assert User.objects.get(pk=alice.pk).check_password(NEW)


def test_new_password_by_the_command_line_ends_all_tokens_d42(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ApiToken.objects.issue(alice)
    monkeypatch.setattr("getpass.getpass", lambda prompt: NEW)

    call_command("changepassword", "alice", stdout=io.StringIO())

    assert not ApiToken.objects.exists()


def test_password_that_is_only_hashed_anew_ends_nothing(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    ApiToken.objects.issue(alice)
    monkeypatch.setattr(type(get_hasher()), "must_update", lambda *_: True)
    before = alice.password

    assert alice.check_password("alice's cat is grey")

    assert User.objects.get().password != before
    assert ApiToken.objects.exists()


def test_new_password_lets_its_owner_in_whatever_failed_before_d41(alice: User) -> None:
    for _ in range(9):
        Client().post("/login/", {"login": "alice", "password": "guess"})
    assert Attempt.objects.exists()

    alice.set_password(NEW)
    alice.save()

    assert Client().post("/login/", {"login": "alice", "password": NEW}).status_code == 302


def test_any_password_is_fit_for_it(alice: User) -> None:
    EndOfAccess().validate("x", alice)
    EndOfAccess().password_changed("x")

    assert "ends all API tokens" in EndOfAccess().get_help_text()
