"""Large answers that are read slowly hold few threads (W60)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

import pytest
from conftest import MakeVideo
from django.test import Client, RequestFactory

from cattube.web import large_answers
from cattube.wsgi import application

LIST = "/api/videos?limit=100"


@pytest.fixture
def long_list(make_video: MakeVideo) -> str:
    """Address of a list that is larger than the front takes at once."""
    for _ in range(4):
        make_video(description="\N{CAT}" * 10_000, visibility="public", status="ready")
    assert len(Client().get(LIST).content) > large_answers.LARGE_BYTES
    return LIST


def status_of(path: str, still_reading: ExitStack) -> int:
    """Status of an answer, which is on its way until `still_reading` ends."""
    statuses: list[object] = []
    environ = RequestFactory().get(path).environ

    def start_response(status: str, *_: object) -> Callable[[bytes], object]:
        statuses.append(status)
        return statuses.append

    answer = application(environ, start_response)
    still_reading.callback(answer.close)
    return int(str(statuses[0]).split()[0])


def test_w60_slow_readers_of_large_answers_hold_few_threads(long_list: str) -> None:
    with ExitStack() as readers:
        read = [status_of(long_list, readers) for _ in range(large_answers.MOST)]
        refused = status_of(long_list, readers)
        small = status_of("/api/videos?limit=1", readers)

    assert read == [200] * large_answers.MOST
    assert (refused, small) == (503, 200)


def test_w60_place_is_given_back_once_when_an_answer_has_been_read(long_list: str) -> None:
    for _ in range(2 * large_answers.MOST):
        with ExitStack() as reader:
            assert status_of(long_list, reader) == 200


def test_w60_refusal_says_when_to_come_again(long_list: str) -> None:
    with ExitStack() as readers:
        for _ in range(large_answers.MOST):
            status_of(long_list, readers)
        answer = Client().get(long_list)

    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src" in answer["Content-Security-Policy"]
