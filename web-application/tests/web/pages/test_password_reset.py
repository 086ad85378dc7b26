"""Setting a new password without the old one: by mail, or by a link of the administrator's (D44)."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

import pytest
from conftest import StoppedClock
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from cattube.accounts.models import ApiToken
from cattube.accounts.passwords import reset_mail
from cattube.accounts.passwords.reset_links import reset_link

OLD, NEW = "alice's cat is grey", "a cat in every window"


class AtOnce(Executor):
    """Executor without a thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@pytest.fixture
def with_mail(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MAIL_IS_SET_UP = True
    monkeypatch.setattr(reset_mail, "sender", AtOnce())


@pytest.fixture
def reachable_alice(alice: User) -> User:
    alice.email = "alice@example.org"
    alice.save()
    return alice


def ask(who: str, **more: Any) -> Any:
    return Client(**more).post("/reset/", {"who": who})


def open_link(link: str, client: Client | None = None) -> tuple[Client, Any]:
    """The browser, and the page that the link leads it to."""
    client = client or Client()
    return client, client.get(link.removeprefix("http://testserver"), follow=True)


def set_password(client: Client, page: Any, password: str = NEW) -> Any:
    path = page.request["PATH_INFO"]
    return client.post(path, {"new_password1": password, "new_password2": password})


def link_for(user: User) -> str:
    return reset_link(User.objects.get(pk=user.pk), origin="http://testserver")


def test_mail_brings_a_link_that_sets_a_password(reachable_alice: User, with_mail: None) -> None:
    assert ask("alice").status_code == 200

    (sent,) = mail.outbox
    link = re.search(r"http://testserver/reset/\S+", str(sent.body))
    assert sent.to == ["alice@example.org"]
    assert link
    client, page = open_link(link[0])
    answer = set_password(client, page)

    assert (answer.status_code, answer["Location"]) == (302, "/login/")
    assert "Log in with the new one" in client.get("/login/").content.decode()
    assert Client().login(username="alice", password=NEW)


def test_mail_finds_an_account_by_its_address_too(reachable_alice: User, with_mail: None) -> None:
    ask(" ALICE@example.org ")

    assert len(mail.outbox) == 1


@pytest.mark.parametrize("who", ["nobody", "bob", "closed", "nobody@example.org", "a\x00", "x" * 254])
def test_page_tells_nobody_whether_there_is_an_account_d07(
    reachable_alice: User, bob: User, with_mail: None, who: str
) -> None:
    """bob has no address, and the third account is closed."""
    User.objects.create_user("closed", email="closed@example.org", password=OLD, is_active=False)
    known = ask("alice", REMOTE_ADDR="203.0.113.1").content
    mail.outbox.clear()

    unknown = ask(who, REMOTE_ADDR="203.0.113.2").content

    if "\x00" not in who:  # which is told to be no name at all
        assert unknown == known
    assert mail.outbox == []


def test_answer_does_not_wait_for_the_mail_server_d07(
    reachable_alice: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Later(Executor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            return Future()

    settings.MAIL_IS_SET_UP = True
    monkeypatch.setattr(reset_mail, "sender", Later())

    assert ask("alice").status_code == 200
    assert mail.outbox == []


def test_mail_that_cannot_be_sent_is_logged_and_not_told(
    reachable_alice: User, with_mail: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ConnectionRefusedError("no server there")

    monkeypatch.setattr(reset_mail, "get_connection", fail)

    assert "on its way" in ask("alice").content.decode()
    assert "no server there" in caplog.text


def test_mails_to_one_person_and_from_one_address_are_few_d44(
    reachable_alice: User, with_mail: None, attempts_clock: StoppedClock
) -> None:
    answers = [ask("alice", REMOTE_ADDR=f"203.0.113.{number}") for number in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert "Too many attempts" in answers[3].content.decode()

    others = [ask(f"name{number}", REMOTE_ADDR="198.51.100.7").status_code for number in range(11)]

    assert others == [200] * 10 + [429]
    assert len(mail.outbox) == 3


def test_site_without_mail_says_whom_to_ask(reachable_alice: User) -> None:
    assert "Ask the people who run it" in ask("alice").content.decode()
    assert mail.outbox == []


def test_link_in_a_mail_leads_to_the_address_of_the_site_d10(
    reachable_alice: User, with_mail: None, settings: Settings
) -> None:
    settings.SITE_URL = "https://tube.example.org"

    Client(headers={"X-Forwarded-Host": "evil.example"}).post("/reset/", {"who": "alice"})

    assert "https://tube.example.org/reset/" in mail.outbox[0].body
    assert "evil" not in mail.outbox[0].body


def test_new_password_ends_sessions_and_tokens_d44(alice: User, as_alice: Client) -> None:
    ApiToken.objects.issue(alice)

    client, page = open_link(link_for(alice))
    assert "ends all API tokens" in page.content.decode()
    set_password(client, page)

    assert as_alice.get("/upload/").status_code == 302
    assert not ApiToken.objects.exists()


def test_link_works_in_a_browser_that_is_logged_in(alice: User, as_alice: Client) -> None:
    client, page = open_link(link_for(alice), as_alice)

    assert set_password(client, page).status_code == 302
    assert client.get("/upload/").status_code == 302
    assert Client().login(username="alice", password=NEW)


def test_link_is_good_once_d44(alice: User) -> None:
    link = link_for(alice)
    client, page = open_link(link)
    set_password(client, page)

    _, again = open_link(link)

    assert again.status_code == 404
    assert "This link is over" in again.content.decode()


def test_link_that_was_opened_twice_sets_one_password_d44(alice: User) -> None:
    link = link_for(alice)
    (first, first_page), (second, second_page) = open_link(link), open_link(link)

    set_password(first, first_page, NEW)
    late = set_password(second, second_page, "another cat, another window")

    assert late.status_code == 404
    assert Client().login(username="alice", password=NEW)


def test_link_ends_after_a_day_d44(alice: User, settings: Settings) -> None:
    assert settings.PASSWORD_RESET_TIMEOUT == 24 * 3600
    link = link_for(alice)

    settings.PASSWORD_RESET_TIMEOUT = -1  # as if all of it had passed

    assert open_link(link)[1].status_code == 404


def test_link_ends_when_its_owner_logs_in_d44(alice: User) -> None:
    link = link_for(alice)

    Client().post("/login/", {"login": "alice", "password": OLD})

    assert open_link(link)[1].status_code == 404


def test_link_opens_no_other_account_and_no_closed_one_d44(alice: User, bob: User) -> None:
    link = link_for(alice)
    theirs = link_for(bob)
    mixed = f"{theirs.rsplit('/', 2)[0]}/{link.rsplit('/', 2)[1]}/"

    assert open_link(mixed)[1].status_code == 404
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert open_link(link)[1].status_code == 404


@pytest.mark.parametrize("place", ["a/b", "MQ/set-password", "////", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5/x-y"])
def test_link_that_is_none_is_a_404_d44(db: None, place: str) -> None:
    assert Client().get(f"/reset/{place}/").status_code == 404


def test_page_behind_a_link_is_kept_nowhere_and_has_no_token_in_its_address(alice: User) -> None:
    link = link_for(alice)

    _, page = open_link(link)

    assert "no-store" in page["Cache-Control"]
    assert page.request["PATH_INFO"].endswith("/set-password/")


def test_weak_password_is_refused_and_the_link_stays_good(alice: User) -> None:
    client, page = open_link(link_for(alice))

    assert "too common" in set_password(client, page, "password1234").content.decode()
    assert set_password(client, page).status_code == 302


def test_command_prints_a_link(alice: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("reset_link", "alice")

    printed = capsys.readouterr()
    link = printed.out.strip().replace("http://127.0.0.1:8000", "http://testserver")
    assert "good once, for 24 hours" in printed.err
    client, page = open_link(link)
    assert set_password(client, page).status_code == 302


def test_command_refuses_nobody_and_closed_accounts(alice: User) -> None:
    User.objects.update(is_active=False)

    for name in ("alice", "dave"):
        with pytest.raises(CommandError, match=f"no active user {name}"):
            call_command("reset_link", name)


def test_administrator_makes_links_d44(as_carol: Client, alice: User, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(is_active=False)
    form = {"action": "make_reset_links", "_selected_action": [alice.pk, bob.pk]}

    answer = as_carol.post("/admin/auth/user/", form)

    (link,) = re.findall(r"http://testserver/reset/[^<]+", answer.content.decode())
    assert "no-store" in answer["Cache-Control"]
    client, page = open_link(link)
    assert set_password(client, page).status_code == 302
    assert "Made a link" in as_carol.get(f"/admin/auth/user/{alice.pk}/history/").content.decode()


def test_staff_who_are_no_administrators_make_no_links_d44(alice: User, carol: User) -> None:
    dora = User.objects.create_user("dora", is_staff=True)
    dora.user_permissions.set(Permission.objects.filter(content_type__app_label="auth"))
    client = Client()
    client.force_login(dora)

    answer = client.post(
        "/admin/auth/user/", {"action": "make_reset_links", "_selected_action": [carol.pk]}, follow=True
    )

    assert "/reset/" not in answer.content.decode()


def test_login_page_leads_to_the_reset(client: Client, db: None) -> None:
    assert 'href="/reset/"' in client.get("/login/").content.decode()
