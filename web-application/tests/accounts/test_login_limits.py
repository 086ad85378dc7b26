"""How guessing is slowed down, and for whom it is not (D07)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from accounts.taken_places import all_taken
from conftest import StoppedClock
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django import Settings

from cattube.accounts.login.attempts import TooManyAttempts, begin_login
from cattube.accounts.login.client_place import Place
from cattube.accounts.models import Attempt, HomeAddress

PASSWORD = "alice's cat is grey"
HOME, ELSEWHERE = "203.0.113.9", "198.51.100.7"


def answer_to(password: str, *, address: str, name: str = "alice") -> str:
    """Text of the page after an attempt; "in" when it let the person in."""
    response = Client(REMOTE_ADDR=address).post("/login/", {"login": name, "password": password})
    return "in" if response.status_code == 302 else response.content.decode()


def guess(times: int, *, address: str, name: str = "alice") -> str:
    return [answer_to("guess", address=address, name=name) for _ in range(times)][-1]


@pytest.fixture(autouse=True)
def clock(attempts_clock: StoppedClock) -> StoppedClock:
    return attempts_clock


@pytest.fixture
def alice_at_home(alice: User) -> User:
    assert answer_to(PASSWORD, address=HOME) == "in"
    return alice


def test_guesses_from_elsewhere_do_not_shut_out_the_owner_at_home_d41(alice_at_home: User) -> None:
    guess(40, address=ELSEWHERE)
    for number in range(40):
        guess(1, address=f"198.51.100.{number}")

    assert "Too many attempts" in answer_to(PASSWORD, address=ELSEWHERE)
    assert answer_to(PASSWORD, address=HOME) == "in"


def test_guesses_at_home_are_slowed_and_never_shut_d41(alice_at_home: User, clock: StoppedClock) -> None:
    assert "Too many attempts. Wait 2 seconds, then" in guess(12, address=HOME)
    for _ in range(40):
        clock.go_on(seconds=16)
        guess(1, address=HOME)

    assert "Too many attempts. Wait 15 seconds, then" in answer_to(PASSWORD, address=HOME)
    clock.go_on(seconds=16)
    assert answer_to(PASSWORD, address=HOME) == "in"


def test_guesses_from_many_addresses_are_slowed_d07(alice: User) -> None:
    answers = [guess(1, address=f"198.51.100.{number}") for number in range(21)]

    assert "Too many attempts" not in answers[19]
    assert "Too many attempts" in answers[20]


def test_guesses_at_many_names_from_one_address_are_slowed_d07(alice: User) -> None:
    answers = [guess(1, address=ELSEWHERE, name=f"name{number}") for number in range(31)]

    assert "Too many attempts" not in answers[29]
    assert "Too many attempts" in answers[30]


def test_guesses_at_other_names_do_not_shut_out_whoever_lives_at_the_address_d41(alice_at_home: User) -> None:
    """As behind a proxy that is not trusted: all visitors have one address."""
    for number in range(40):
        guess(1, address=HOME, name=f"name{number}")

    assert answer_to(PASSWORD, address=HOME) == "in"


def test_w56_passwords_that_strangers_have_checked_leave_threads_and_the_owners_login(
    alice_at_home: User,
) -> None:
    """Twenty logins at once were twenty checks at once, and no page came until they were done."""
    with all_taken():
        refused = answer_to(PASSWORD, address=ELSEWHERE)
        assert answer_to(PASSWORD, address=HOME) == "in"

    assert "Too many attempts. Wait 2 seconds, then" in refused
    assert not Attempt.objects.exists()
    assert answer_to(PASSWORD, address=ELSEWHERE) == "in"


def test_counts_outlive_a_restart_d41(alice: User) -> None:
    guess(6, address=ELSEWHERE)

    cache.clear()  # all that a process remembers

    assert "Too many attempts" in answer_to(PASSWORD, address=ELSEWHERE)


def test_limit_tells_nothing_about_a_name_d07(alice_at_home: User) -> None:
    known = [answer_to("guess", address=ELSEWHERE) for _ in range(6)]
    unknown = [answer_to("guess", address="192.0.2.1", name="nobody") for _ in range(6)]

    words = [
        ["Too many attempts. Wait 30 seconds" in page, "not correct" in page] for page in (*known, *unknown)
    ]
    assert words[:6] == words[6:]
    assert words[5] == [True, False]


def test_right_password_counts_as_no_failure_d07(alice: User) -> None:
    for _ in range(30):
        assert answer_to(PASSWORD, address=ELSEWHERE) == "in"

    assert not Attempt.objects.exists()


def test_names_that_were_typed_are_not_kept(db: None) -> None:
    guess(1, address=ELSEWHERE, name="my password, by mistake")

    attempt = Attempt.objects.values().get()
    assert "password" not in str(attempt)


def test_name_in_other_letters_is_the_same_name_d07(alice: User) -> None:
    for name in ("alice", "ALICE", " Alice", "aLICE", "alicE "):
        guess(1, address=ELSEWHERE, name=name)

    assert "Too many attempts" in answer_to(PASSWORD, address=ELSEWHERE)


def test_neighbours_in_one_ipv6_network_are_one_d07(alice: User) -> None:
    for number in range(5):
        guess(1, address=f"2001:db8::{number}")

    assert "Too many attempts" in answer_to(PASSWORD, address="2001:db8::99")


def test_behind_a_trusted_proxy_the_visitor_counts_and_not_the_proxy_d41(
    alice: User, settings: Settings
) -> None:
    settings.TRUST_PROXY, settings.ALLAUTH_TRUSTED_PROXY_COUNT = True, 1
    client = Client(REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": f"evil, {HOME}"})

    client.post("/login/", {"login": "alice", "password": PASSWORD})

    assert HomeAddress.objects.get().address == HOME


@pytest.mark.parametrize("address", ["", "nonsense"])
def test_address_that_is_none_shuts_nobody_out(alice: User, address: str) -> None:
    client = Client(REMOTE_ADDR=address)

    assert client.post("/login/", {"login": "alice", "password": PASSWORD}).status_code == 302
    assert client.get("/settings/").status_code == 200


def test_home_moves_with_its_owner_d41(alice: User) -> None:
    client = Client(REMOTE_ADDR=HOME)
    client.force_login(alice)
    client.get("/upload/")
    assert HomeAddress.objects.get().address == HOME

    client.get("/upload/", REMOTE_ADDR=ELSEWHERE)

    assert HomeAddress.objects.get().address == ELSEWHERE


def test_browser_that_its_owner_has_used_is_never_shut_at_a_shared_address_d41(alice: User) -> None:
    """A neighbour behind the same address guesses without a pause."""
    own = Client(REMOTE_ADDR=HOME)
    own.post("/login/", {"login": "alice", "password": PASSWORD})
    own.post("/logout/")

    assert "Too many attempts" in guess(30, address=HOME)
    assert "Too many attempts" in answer_to(PASSWORD, address=HOME)

    assert own.post("/login/", {"login": "alice", "password": PASSWORD}).status_code == 302


def test_browser_of_another_is_known_for_nobody_else_d41(alice: User, bob: User) -> None:
    neighbour = Client(REMOTE_ADDR=ELSEWHERE)
    neighbour.post("/login/", {"login": "bob", "password": "bob has two cats"})
    neighbour.post("/logout/")

    for _ in range(5):
        neighbour.post("/login/", {"login": "alice", "password": "guess"})

    page = neighbour.post("/login/", {"login": "alice", "password": PASSWORD})
    assert "Wait 30 seconds" in page.content.decode()


def test_guesses_in_a_known_browser_are_slowed_too_d41(alice: User) -> None:
    own = Client(REMOTE_ADDR=HOME)
    own.post("/login/", {"login": "alice", "password": PASSWORD})
    own.post("/logout/")

    pages = [own.post("/login/", {"login": "alice", "password": "guess"}).content.decode() for _ in range(12)]

    assert "Too many attempts. Wait 2 seconds" in pages[-1]


@pytest.mark.parametrize("cookie", ["", "x", "WzEsICJ4Il0:1tabc:def"])
def test_cookie_that_is_not_ours_makes_no_browser_known_d41(alice: User, cookie: str) -> None:
    client = Client(REMOTE_ADDR=ELSEWHERE)
    client.cookies["known"] = cookie
    for _ in range(5):
        client.post("/login/", {"login": "alice", "password": "guess"})

    answer = client.post("/login/", {"login": "alice", "password": PASSWORD})

    assert "Wait 30 seconds" in answer.content.decode()


def test_cookie_of_a_known_browser_is_out_of_reach_of_scripts_d08(client: Client, alice: User) -> None:
    client.post("/login/", {"login": "alice", "password": PASSWORD})

    cookie = client.cookies["known"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.skipif(connection.vendor == "sqlite", reason="it has one writer, and in memory no second one")
@pytest.mark.django_db(transaction=True)
def test_attempts_at_one_moment_are_counted_one_by_one_d07() -> None:
    def attempt(_: int) -> bool:
        try:
            begin_login("alice", Place(ELSEWHERE, is_home=False))
        except TooManyAttempts:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(12) as pool:
        allowed = list(pool.map(attempt, range(24)))

    assert allowed.count(True) == 5
