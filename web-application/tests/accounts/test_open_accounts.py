"""Accounts of groups are open to nobody, whatever is ticked for them."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from cattube.accounts.models import ApiToken
from cattube.accounts.passwords.reset_links import reset_link
from cattube.accounts.passwords.reset_mail import _accounts_of

PASSWORD = "slate and copper"


@pytest.fixture
def opened(club: User) -> User:
    """The group's account as an administrator or a script might leave it."""
    club.is_active, club.email = True, "club@example.org"
    club.set_password(PASSWORD)
    club.save()
    return club


def test_d103_nobody_logs_in_as_a_group(client: Client, club: User) -> None:
    """D103"""
    for password in ("", "Roof club", "!"):
        client.post("/login/", {"login": "Roof club", "password": password})

    assert "_auth_user_id" not in client.session
    assert not club.is_active
    assert not club.has_usable_password()


def test_d105_nobody_logs_in_as_a_group_whose_account_is_active(client: Client, opened: User) -> None:
    """D105"""
    client.post("/login/", {"login": "Roof club", "password": PASSWORD})
    assert "_auth_user_id" not in client.session

    client.force_login(opened)
    assert not client.get("/").context["user"].is_authenticated


def test_d105_group_has_no_link_to_a_password_and_no_token(
    client: Client, as_carol: Client, opened: User
) -> None:
    """D105"""
    token = ApiToken.objects.issue(opened)
    form = {"action": "make_reset_links", "_selected_action": opened.pk}

    page = client.get(reset_link(opened, origin=""), follow=True)
    links = as_carol.post("/admin/auth/user/", form).content.decode()

    assert page.status_code == 404
    assert "/reset/" not in links
    assert _accounts_of(opened.email) == []
    assert ApiToken.objects.of(token) is None
    for command in ("create_token", "reset_link"):
        with pytest.raises(CommandError, match="no active user"):
            call_command(command, "Roof club", stdout=StringIO())
