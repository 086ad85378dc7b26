import stat
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from cattube.accounts.models import ApiToken


@pytest.fixture
def data(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_FOLDER = tmp_path
    return tmp_path


def test_first_account_has_a_random_password_in_a_file_for_its_owner_alone_d16(
    db: None, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = data / "first-password.txt"

    call_command("ensure_admin")
    printed, password = capsys.readouterr().out, file.read_text().split("password: ")[1].strip()
    call_command("ensure_admin")

    user = authenticate(username="admin", password=password)
    assert user is not None
    assert user.is_superuser
    assert len(password) >= 16
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert str(file) in printed
    assert password not in printed
    assert capsys.readouterr().out == ""


def test_file_with_the_first_password_goes_once_that_is_changed_d16(alice: User, data: Path) -> None:
    User.objects.all().delete()
    call_command("ensure_admin")
    file = data / "first-password.txt"

    User.objects.create_user("bob", password="bob has two cats")
    assert file.exists()
    admin = User.objects.get(username="admin")
    admin.set_password("now only I know it")
    admin.save()

    assert not file.exists()


def test_first_account_is_not_made_when_nobody_could_learn_its_password_d16(db: None, data: Path) -> None:
    (data / "first-password.txt").mkdir()

    with pytest.raises(CommandError, match="could not be written"):
        call_command("ensure_admin")

    assert not User.objects.exists()


def test_first_account_takes_the_password_of_the_setting_and_does_not_print_it(
    db: None, data: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.ADMIN_PASSWORD = "nine lives, one password"

    call_command("ensure_admin")

    assert authenticate(username="admin", password="nine lives, one password")
    assert "nine lives" not in capsys.readouterr().out
    assert not list(data.iterdir())


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


def test_token_has_the_scopes_and_days_it_was_asked_for(alice: User) -> None:
    call_command("create_token", "alice", "--scopes", "upload, read", "--days", "7")

    token = ApiToken.objects.get()
    assert token.scopes == "read upload"
    assert token.expires_at is not None
    assert timedelta(days=6.9) < token.expires_at - timezone.now() <= timedelta(days=7)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--scopes", "read,admin"], "there is no scope admin: expected some of read, upload, edit, delete"),
        (["--scopes", " "], "a token needs a scope"),
        (["--days", "0"], "--days=0: expected 1 to 3650"),
        (["--days", "99999999999"], "expected 1 to 3650"),
    ],
)
def test_odd_wish_for_a_token_is_refused_in_words(alice: User, words: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("create_token", "alice", *words)
