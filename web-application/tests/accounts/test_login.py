"""Logging in and out, signing up (D07, D08, D09)."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

PASSWORD = "alice's cat is grey"


def log_in(client: Client, password: str = PASSWORD, username: str = "alice", **more: Any) -> Any:
    return client.post("/login/", {"login": username, "password": password, **more})


def is_logged_in(client: Client) -> bool:
    return client.get("/upload/").status_code == 200


def test_right_password_opens_the_library(client: Client, alice: User) -> None:
    answer = log_in(client)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_logged_in(client)


def test_wrong_password_and_unknown_name_are_told_in_the_same_words_d07(alice: User) -> None:
    wrong, unknown = log_in(Client(), "no"), log_in(Client(), "no", "nobody")

    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_closed_account_is_told_the_same_words_d07(alice: User) -> None:
    wrong = log_in(Client(), "no")
    User.objects.update(is_active=False)

    assert log_in(Client()).context["form"].errors == wrong.context["form"].errors


@pytest.mark.parametrize(("name", "password"), [("a\x00", "x"), ("x" * 10_000, "y" * 100_000), ("", "")])
def test_odd_input_is_a_wrong_password_and_no_error(db: None, name: str, password: str) -> None:
    assert log_in(Client(), password, name).status_code == 200


def test_guessing_is_slowed_down_d07(alice: User) -> None:
    for _ in range(20):
        log_in(Client(), "guess")

    assert "Too many" in log_in(Client()).content.decode()


def test_login_gives_a_new_session_that_logout_ends_d08(client: Client, alice: User) -> None:
    client.cookies["sessionid"] = "fixed-by-an-attacker"
    log_in(client)
    session = client.cookies["sessionid"].value

    client.post("/logout/")
    stolen = Client()
    stolen.cookies["sessionid"] = session

    assert session != "fixed-by-an-attacker"
    assert not is_logged_in(stolen)


def test_changed_password_ends_other_sessions_d08(client: Client, alice: User) -> None:
    log_in(client)
    alice.set_password("another")
    alice.save()

    assert not is_logged_in(client)


def test_logout_needs_a_post_d04(as_alice: Client) -> None:
    assert as_alice.get("/logout/").status_code == 200
    assert is_logged_in(as_alice)
    assert as_alice.post("/logout/").status_code == 302
    assert not is_logged_in(as_alice)


def test_cookies_are_out_of_reach_of_scripts_and_other_sites_d08(client: Client, alice: User) -> None:
    client.get("/login/")
    log_in(client)

    for name in ("sessionid", "csrftoken"):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\\evil.example",
        "///evil",
    ],
)
def test_login_leads_to_no_other_site_d09(alice: User, target: str) -> None:
    assert log_in(Client(), next=target)["Location"] == "/"


def test_login_leads_back_to_the_page_asked_for(alice: User) -> None:
    client = Client()

    assert client.get("/upload/")["Location"] == "/login/?next=/upload/"
    assert log_in(client, next="/upload/")["Location"] == "/upload/"


@pytest.mark.parametrize(
    "address",
    [
        "/?q=sea&length=long",
        "/videos/{video}?playlist=abcdefghijk&t=40",
        "/channels/alice",
        "/videos/nothere0000",
    ],
)
def test_guest_who_logs_in_comes_back_to_the_same_place_w155(
    alice: User, make_video: MakeVideo, address: str
) -> None:
    """W155: by the header, by the bar of small screens, and by what only people with an account may do."""
    client, address = Client(), address.format(video=make_video(visibility="public", status="ready").pk)
    page = client.get(address).content.decode()
    ways = {unescape(way) for way in re.findall(r'href="(/login/[^"]*)"', page)}

    assert len(ways) == 1
    back = parse_qs(urlsplit(ways.pop()).query)["next"][0]
    assert back == address
    assert log_in(client, next=back)["Location"] == address


def test_guest_who_logs_in_where_no_page_is_to_come_back_to_comes_home(client: Client, db: None) -> None:
    """As after a form that was sent to an address which has no page."""
    assert 'href="/login/"' in client.get("/").content.decode()
    assert 'href="/login/"' in client.post("/nowhere").content.decode()


def sign_up(client: Client, password: str = "dave keeps nine lives", name: str = "dave") -> Any:
    return client.post("/signup/", {"username": name, "password1": password, "password2": password})


def test_closed_sign_up_makes_no_account(client: Client, db: None) -> None:
    page, answer = client.get("/signup/"), sign_up(client)

    assert "closed" in page.content.decode()
    assert answer.status_code == 200
    assert not User.objects.exists()


def test_open_sign_up_makes_an_ordinary_account_and_logs_in(
    client: Client, db: None, settings: Settings
) -> None:
    settings.SIGN_UP_OPEN = True

    assert sign_up(client).status_code == 302
    dave = User.objects.get()
    assert (dave.username, dave.is_staff, dave.is_superuser) == ("dave", False, False)
    assert is_logged_in(client)


@pytest.mark.parametrize("password", ["short", "password1234", "dave"])
def test_weak_password_is_refused(client: Client, db: None, settings: Settings, password: str) -> None:
    settings.SIGN_UP_OPEN = True

    sign_up(client, password)

    assert not User.objects.exists()


def test_admin_has_no_login_form_of_its_own_d15(client: Client, db: None) -> None:
    assert client.get("/admin/login/")["Location"].startswith("/login/")


def test_admin_is_for_staff(as_alice: Client, as_carol: Client) -> None:
    assert as_alice.get("/admin/videos/video/").status_code in (302, 403)
    assert as_carol.get("/admin/videos/video/").status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("\uff41lice", id="full-width"),
        pytest.param("al\u0131ce", id="without-a-dot"),
        pytest.param("\u00c0lice", id="accent"),
        pytest.param("\u0430lice", id="cyrillic-a"),
        pytest.param("..", id="dots"),
    ],
)
def test_name_that_looks_like_anothers_is_not_given_d55(
    client: Client, alice: User, settings: Settings, name: str
) -> None:
    """D55"""
    settings.SIGN_UP_OPEN = True

    assert sign_up(client, name=name).status_code == 200
    assert User.objects.get() == alice


@pytest.mark.parametrize("name", ["\u043c\u0430\u0448\u0430", "\u732b\u306d\u3053", "dave2", "Zo\u00eb"])
def test_name_in_ones_own_script_is_given(client: Client, alice: User, settings: Settings, name: str) -> None:
    settings.SIGN_UP_OPEN = True

    assert sign_up(client, name=name).status_code == 302
    assert User.objects.filter(username=name).exists()
