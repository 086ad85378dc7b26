"""Large answers that are read slowly hold few threads (W60)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

import pytest
from conftest import MakeVideo
from django.test import Client, RequestFactory

from cattube.web.middleware import large_answers
from cattube.wsgi import application

# An answer that is closed by hand takes the connection along, which a transaction of the test would lose.
pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/api/videos?limit=100"


@pytest.fixture
def long_list(make_video: MakeVideo) -> str:
    """Address of a list that is larger than the front takes at once."""
    for _ in range(4):
        make_video(description="\N{CAT}" * 10_000, visibility="public", status="ready")
    assert len(Client().get(LIST).content) > large_answers.LARGE_BYTES
    return LIST


def status_of(path: str, still_reading: ExitStack, reader: Client) -> int:
    """Status of an answer, which is on its way until `still_reading` ends."""
    statuses: list[object] = []
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in reader.cookies.items())
    address = reader.defaults.get("REMOTE_ADDR", "127.0.0.1")
    request = RequestFactory().get(path, headers={"Cookie": cookies}, REMOTE_ADDR=address)

    def start_response(status: str, *_: object) -> Callable[[bytes], object]:
        statuses.append(status)
        return statuses.append

    answer = application(request.environ, start_response)
    still_reading.callback(answer.close)
    return int(str(statuses[0]).split()[0])


def stranger(number: int = 1) -> Client:
    return Client(REMOTE_ADDR=f"203.0.113.{number}")


def test_w60_slow_readers_of_large_answers_hold_few_threads(
    long_list: str, as_alice: Client, as_bob: Client
) -> None:
    with ExitStack() as readers:
        read = [status_of(long_list, readers, reader) for reader in (as_alice, as_bob) for _ in range(2)]
        refused = status_of(long_list, readers, stranger())
        small = status_of("/api/videos?limit=1", readers, stranger())

    assert read == [200] * large_answers.MOST
    assert (refused, small) == (503, 200)


def test_w83_strangers_and_one_person_leave_places_for_others(
    long_list: str, as_alice: Client, as_bob: Client
) -> None:
    """Of four places an address gets one, and all strangers, or one person, two."""
    with ExitStack() as readers:
        one_stranger = [status_of(long_list, readers, stranger(1)) for _ in range(2)]
        others = [status_of(long_list, readers, stranger(number)) for number in (2, 3)]
        alice = status_of(long_list, readers, as_alice)
        bob = status_of(long_list, readers, as_bob)

    assert (one_stranger, others, alice, bob) == ([200, 503], [200, 503], 200, 200)


def test_w83_one_person_gets_half_of_the_places(long_list: str, as_alice: Client) -> None:
    with ExitStack() as readers:
        seen = [status_of(long_list, readers, as_alice) for _ in range(3)]
        other = status_of(long_list, readers, stranger())

    assert (seen, other) == ([200, 200, 503], 200)


def test_w60_place_is_given_back_once_when_an_answer_has_been_read(long_list: str) -> None:
    for _ in range(2 * large_answers.MOST):
        with ExitStack() as reader:
            assert status_of(long_list, reader, stranger()) == 200


def test_w60_refusal_says_when_to_come_again(long_list: str) -> None:
    with ExitStack() as readers:
        status_of(long_list, readers, stranger())
        answer = stranger().get(long_list)

    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src" in answer["Content-Security-Policy"]
