"""The settings of one's own account: password, sessions, tokens."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from conftest import StoppedClock
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from cattube.accounts.models import ApiToken, LoginSession

OLD, NEW = "alice's cat is grey", "a cat in every window"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def browser(user: User, **more: Any) -> Client:
    """A browser in which `user` is logged in, and has been on a page."""
    client = Client(headers={"User-Agent": FIREFOX}, **more)
    client.force_login(user)
    client.get("/upload/")
    return client


def is_logged_in(client: Client) -> bool:
    return client.get("/upload/").status_code == 200


def change(client: Client, old: str = OLD, new: str = NEW, again: str = NEW) -> Any:
    form = {"old_password": old, "new_password1": new, "new_password2": again}
    return client.post("/settings/password", form)


def test_changed_password_ends_all_but_this_browser_d08(alice: User, bob: User) -> None:
    """D42 too: tokens end."""
    here, there, other = browser(alice), browser(alice), browser(bob)
    key = here.session.session_key
    ApiToken.objects.issue(alice)

    answer = change(here)
    page = here.get("/settings/").content.decode()

    assert (answer.status_code, answer["Location"]) == (302, "/settings/")
    assert "your API tokens have ended" in page
    assert here.session.session_key != key
    assert [is_logged_in(client) for client in (here, there, other)] == [True, False, True]
    assert not ApiToken.objects.exists()
    assert page.count("Firefox on Linux") == 1
    assert Client().login(username="alice", password=NEW)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"old": "wrong"}, "This is not your current password."),
        ({"again": "other"}, "fields didn"),
        ({"new": "short", "again": "short"}, "too short"),
        ({"new": "password1234", "again": "password1234"}, "too common"),
        ({"old": "", "new": "", "again": ""}, "This field is required."),
    ],
)
def test_wrong_wish_for_a_password_is_told_and_changes_nothing(
    alice: User, fields: dict[str, str], words: str
) -> None:
    client, other = browser(alice), browser(alice)

    answer = change(client, **fields)

    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert OLD not in answer.content.decode()
    assert is_logged_in(other)
    assert Client().login(username="alice", password=OLD)


def test_guesses_with_a_stolen_session_count_as_those_at_login_d07(
    alice: User, attempts_clock: StoppedClock
) -> None:
    thief = browser(alice)

    pages = [change(thief, old=f"guess {number}").content.decode() for number in range(11)]

    assert "not your current password" in pages[9]
    assert "Too many attempts" in pages[10]
    assert "Too many attempts" in change(thief).content.decode()


def test_address_for_mails_is_changed_with_the_password_alone_d44(alice: User, settings: Settings) -> None:
    settings.MAIL_IS_SET_UP = True
    client = browser(alice)

    wrong = client.post("/settings/email", {"email": "thief@example.org", "password": "guess"})
    assert wrong.status_code == 400
    assert "not your current password" in wrong.content.decode()
    alice.refresh_from_db()
    assert alice.email == ""

    assert client.post("/settings/email", {"email": "alice@example.org", "password": OLD}).status_code == 302
    assert 'value="alice@example.org"' in client.get("/settings/").content.decode()


def test_site_without_mail_asks_for_no_address(alice: User) -> None:
    assert "E-mail" not in browser(alice).get("/settings/").content.decode()


def test_sessions_are_listed_with_device_address_and_time(alice: User, bob: User) -> None:
    here = browser(alice)
    browser(alice, REMOTE_ADDR="203.0.113.9")
    browser(bob, REMOTE_ADDR="198.51.100.7")
    LoginSession.objects.filter(address="203.0.113.9").update(
        last_seen_at=timezone.now() - timedelta(hours=3)
    )

    page = here.get("/settings/").content.decode()

    assert page.count("Firefox on Linux</strong>") == 2
    assert re.search(r"127\.0\.0\.1 · this browser", page)
    assert re.search(r"203\.0\.113\.9 · used <time[^>]+>3 hours ago", page)
    assert "198.51.100.7" not in page
    assert str(here.session.session_key) not in page


def test_use_of_a_session_is_recorded(alice: User) -> None:
    client = browser(alice)
    client.get("/upload/", REMOTE_ADDR="203.0.113.9")

    session = LoginSession.objects.get()
    assert (session.address, session.session_key) == ("203.0.113.9", client.session.session_key)


def test_one_session_can_be_ended_d08(alice: User) -> None:
    here, there = browser(alice), browser(alice)
    session = LoginSession.objects.get(session_key=there.session.session_key)

    assert here.post(f"/settings/sessions/{session.pk}/end").status_code == 302

    assert [is_logged_in(client) for client in (here, there)] == [True, False]


def test_session_of_another_is_out_of_reach_d05(alice: User, bob: User) -> None:
    victim, client = browser(alice), browser(bob)
    session = LoginSession.objects.get(user=alice)

    assert client.post(f"/settings/sessions/{session.pk}/end").status_code == 404

    assert is_logged_in(victim)


def test_logging_out_everywhere_ends_every_session_d08(alice: User, bob: User) -> None:
    clients = [browser(alice), browser(alice), browser(bob)]
    unseen = Client()
    unseen.force_login(alice)  # as one from before sessions were recorded
    LoginSession.objects.filter(session_key=unseen.session.session_key).delete()

    answer = clients[0].post("/settings/sessions/end")

    assert answer["Location"] == "/login/"
    assert "logged out everywhere" in clients[0].get("/login/").content.decode()
    assert [is_logged_in(client) for client in (*clients, unseen)] == [False, False, True, False]
    assert Session.objects.count() == 1


def test_sessions_that_are_over_are_not_listed_nor_kept(alice: User) -> None:
    old = browser(alice)
    old.post("/logout/")

    here = browser(alice)

    assert here.get("/settings/").content.decode().count("Firefox on Linux</strong>") == 1
    assert LoginSession.objects.count() == 1


def test_token_is_made_shown_once_and_withdrawn(alice: User) -> None:
    client = browser(alice)

    made = client.post("/settings/tokens", {"label": "laptop", "scopes": ["read", "upload"], "days": "30"})
    token = re.search(r'id="new-token"[^>]+value="(cat_[\w-]+)"', made.content.decode())
    assert token
    row = ApiToken.objects.get()
    assert (row.label, row.scopes) == ("laptop", "read upload")
    assert row.expires_at is not None
    assert timedelta(days=29) < row.expires_at - timezone.now() <= timedelta(days=30)
    assert Client().get("/api/videos", headers={"Authorization": f"Bearer {token[1]}"}).status_code == 200

    page = client.get("/settings/").content.decode()
    assert token[1] not in page
    assert "May read, upload · until" in page

    assert client.post(f"/settings/tokens/{row.pk}/withdraw").status_code == 302
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"label": "x", "days": "30"}, "Choose at least one"),
        ({"label": "", "scopes": ["read"], "days": "30"}, "This field is required"),
        ({"label": "x", "scopes": ["admin"], "days": "30"}, "Select a valid choice"),
        ({"label": "x", "scopes": ["read"], "days": "31"}, "Select a valid choice"),
    ],
)
def test_odd_wish_for_a_token_is_told(alice: User, form: dict[str, Any], words: str) -> None:
    answer = browser(alice).post("/settings/tokens", form)

    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_too_many_tokens_are_told(alice: User) -> None:
    ApiToken.objects.bulk_create(ApiToken(user=alice, digest=f"{number:064}") for number in range(100))

    answer = browser(alice).post("/settings/tokens", {"label": "x", "scopes": ["read"], "days": ""})

    assert answer.status_code == 409
    assert "Withdraw one first" in answer.content.decode()


def test_token_of_another_is_out_of_reach_d05(alice: User, bob: User) -> None:
    token, _ = ApiToken.objects.issue_with(alice, scopes=[])

    assert browser(bob).post(f"/settings/tokens/{token.pk}/withdraw").status_code == 404
    assert ApiToken.objects.exists()


def test_nothing_of_the_settings_is_kept_by_browsers_or_proxies(alice: User) -> None:
    client = browser(alice)

    for answer in (
        client.get("/settings/"),
        change(client, old="wrong"),
        client.post("/settings/tokens", {"label": "x", "scopes": ["read"], "days": ""}),
    ):
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]


def test_settings_are_linked_for_whoever_is_logged_in(as_alice: Client, client: Client) -> None:
    assert 'href="/settings/"' in as_alice.get("/").content.decode()
    assert 'href="/settings/"' not in client.get("/").content.decode()
