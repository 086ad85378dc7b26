"""manage.py doctor, and the doctor's page in the administration."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from cattube.doctor import checks
from cattube.doctor.finding import Finding, failed, ok
from cattube.processing.transloadit.client import client_at
from cattube.version import VERSION

PAGE = "/admin/doctor/"
DOWN = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def engine_is_down(settings: Settings) -> Iterator[None]:
    settings.TRANSLOADIT_SERVICE = DOWN
    yield
    client_at(DOWN).close()
    client_at.cache_clear()


@pytest.mark.django_db
def test_command_tells_each_check_and_ends_with_an_error_when_one_failed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(CommandError, match="Something is wrong"):
        call_command("doctor")

    lines = capsys.readouterr().out.splitlines()
    assert f"ok       CatTube: Version {VERSION}." in lines
    assert any(line.startswith("ok       Database: ") for line in lines)
    assert any(line.startswith("ok       Bucket folder: ") for line in lines)
    assert f"FAILED   Engine: Nothing answers at {DOWN}." in lines
    assert "TRANSLOADIT_SERVICE" in lines[lines.index(f"FAILED   Engine: Nothing answers at {DOWN}.") + 1]


def test_command_before_the_start_needs_no_running_engine_and_is_quiet(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("doctor", "--before-start", verbosity=0)

    assert capsys.readouterr().out == ""


@pytest.mark.django_db
def test_folder_that_cannot_be_written_to_is_named(settings: Settings, as_carol: Client) -> None:
    settings.BUCKET_FOLDER = settings.DATA_FOLDER / "web.sqlite3"

    text = as_carol.post(PAGE).content.decode()

    assert f"Videos cannot be kept in {settings.BUCKET_FOLDER}" in text


@pytest.mark.django_db
def test_disk_that_is_full_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """F15"""
    monkeypatch.setattr("cattube.doctor.machine.ENOUGH_DISK_BYTES", 2**63)

    with pytest.raises(CommandError):
        call_command("doctor", "--before-start")

    assert "Free some space" in capsys.readouterr().out


def test_page_looks_only_when_asked_to(as_carol: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def run_checks() -> Iterator[Finding]:
        looked.append("x")
        yield ok("Cat", "It purrs.")
        yield failed("Dog", "It barks at <b>.", "Give it a bone.")

    monkeypatch.setattr("cattube.web.pages.administration.doctor.run_checks", run_checks)

    before = as_carol.get(PAGE).content.decode()
    after = as_carol.post(PAGE).content.decode()

    assert looked == ["x"]
    assert "Examine" in before
    assert "It purrs." not in before
    assert "It purrs." in after
    assert "It barks at &lt;b&gt;." in after
    assert "Give it a bone." in after
    assert "Something is wrong" in after


def test_page_is_for_administrators_alone_d05(alice: User, as_alice: Client, client: Client) -> None:
    staff = Client()
    staff.force_login(User.objects.create_user("dora", is_staff=True))

    assert client.post(PAGE).status_code == 302
    assert as_alice.post(PAGE).status_code == 302
    assert staff.post(PAGE).status_code == 403


def test_page_wants_a_token_to_look_d04(carol: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(carol)

    assert client.post(PAGE).status_code == 403


def test_page_is_linked_for_administrators(as_carol: Client) -> None:
    assert f'href="{PAGE}"' in as_carol.get("/admin/").content.decode()


def test_fix_without_a_bucket_says_so(as_carol: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cattube.web.pages.administration.doctor.run_checks", lambda: iter(()))

    assert "there is no bucket" in as_carol.post(PAGE, {"fix": "cors"}).content.decode()
    assert checks.write_cors_rules() == ["Nothing to fix: there is no bucket."]
