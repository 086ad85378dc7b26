"""Large answers that are read slowly hold few threads (T86)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from werkzeug.test import TestResponse

from cattube_worker.routes.large_answers import LARGE_BYTES, MOST

from ..conftest import UPLOAD_ONLY, TestEngine

HOME, CAFE, HERE = "203.0.113.9", "198.51.100.7", "127.0.0.1"
OF_ONE = MOST // 4


@pytest.fixture
def long_status(engine: TestEngine) -> str:
    """The path of a status that is larger than the front takes at once."""
    with engine.create(steps=UPLOAD_ONLY, fields={"note": "m" * (LARGE_BYTES // 2)}) as created:
        path = f"/assemblies/{created.get_json()['assembly_id']}"
        assert len(created.data) > LARGE_BYTES
    return path


@pytest.fixture
def readers() -> Iterator[ExitStack]:
    """Ends all answers that are still being read."""
    with ExitStack() as readers:
        yield readers


def begin(engine: TestEngine, path: str, readers: ExitStack, *, address: str = HOME) -> TestResponse:
    """The beginning of an answer, which is on its way until `readers` ends."""
    answer = engine.client.get(path, environ_overrides={"REMOTE_ADDR": address})
    readers.callback(answer.close)
    return answer


def test_t86_slow_readers_of_one_network_leave_places_for_others(
    engine: TestEngine, long_status: str, readers: ExitStack
) -> None:
    read = [begin(engine, long_status, readers) for _ in range(OF_ONE)]

    refused = begin(engine, long_status, readers)
    other = begin(engine, long_status, readers, address=CAFE)
    small = begin(engine, "/healthz", readers)

    assert {answer.status_code for answer in read} == {200}
    assert (refused.status_code, other.status_code) == (429, 200)
    assert small.get_json()["ok"]


def test_t86_slow_readers_of_many_networks_hold_few_threads(
    engine: TestEngine, long_status: str, readers: ExitStack
) -> None:
    """A proxy on this machine stands for everybody behind it, and has no share."""
    read = [begin(engine, long_status, readers, address=HERE) for _ in range(MOST)]

    refused = begin(engine, long_status, readers, address=CAFE)

    assert {answer.status_code for answer in read} == {200}
    assert refused.status_code == 429


def test_t86_place_is_given_back_once_when_an_answer_has_been_read(
    engine: TestEngine, long_status: str, readers: ExitStack
) -> None:
    for _ in range(2 * MOST):
        with ExitStack() as reader:
            answer = begin(engine, long_status, reader)
            assert answer.status_code == 200
            answer.close()  # and once more behind it

    statuses = [begin(engine, long_status, readers, address=HERE).status_code for _ in range(MOST + 1)]

    assert statuses == [*[200] * MOST, 429]


def test_t86_refusal_says_when_to_come_again_to_pages_of_any_origin(
    engine: TestEngine, long_status: str, readers: ExitStack
) -> None:
    for _ in range(OF_ONE):
        begin(engine, long_status, readers)

    refused = begin(engine, long_status, readers)

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "2")
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    document = refused.get_json()
    assert (document["error"], document["info"]) == ("RATE_LIMIT_REACHED", {"retryIn": 2})


def test_t86_size_of_a_large_answer_takes_no_place(
    engine: TestEngine, long_status: str, readers: ExitStack
) -> None:
    heads = [
        engine.client.head(long_status, environ_overrides={"REMOTE_ADDR": HOME}) for _ in range(OF_ONE + 1)
    ]

    assert {head.status_code for head in heads} == {200}
    for head in heads:
        head.close()
