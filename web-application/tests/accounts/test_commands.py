import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from cattube.accounts.models import ApiToken


def test_first_account_has_a_random_password_that_is_printed_once_d16(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("ensure_admin")
    password = capsys.readouterr().out.split("password ")[1].split()[0]
    call_command("ensure_admin")

    user = authenticate(username="admin", password=password)
    assert user is not None
    assert user.is_superuser
    assert len(password) >= 16
    assert capsys.readouterr().out == ""


def test_first_account_takes_the_password_of_the_setting_and_does_not_print_it(
    db: None, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.ADMIN_PASSWORD = "nine lives, one password"

    call_command("ensure_admin")

    assert authenticate(username="admin", password="nine lives, one password")
    assert "nine lives" not in capsys.readouterr().out


def test_site_with_an_account_gets_no_other(alice: User) -> None:
    call_command("ensure_admin")

    assert list(User.objects.values_list("username", flat=True)) == ["alice"]


def test_token_is_printed_and_works(client: Client, alice: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_token", "alice", "--label", "laptop")

    token = capsys.readouterr().out.strip()
    assert client.get("/api/videos", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert ApiToken.objects.get().last_used_at is not None


def test_token_for_nobody_is_refused_by_name(db: None) -> None:
    with pytest.raises(CommandError, match="no active user dave"):
        call_command("create_token", "dave")
