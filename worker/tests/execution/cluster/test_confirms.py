"""Publisher confirms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from amqp.exceptions import MessageNacked

from cattube_worker.execution.cluster.confirms import Confirms


class Channel:
    """A channel on which a test says what the broker answers."""

    def __init__(self) -> None:
        self.events: defaultdict[str, set[Callable[[int, bool], None]]] = defaultdict(set)
        self.answers: list[tuple[str, int, bool]] = []

    def confirm_select(self) -> None: ...

    def drain(self) -> None:
        event, number, is_for_all_before = self.answers.pop(0)
        for call in self.events[event]:
            call(number, is_for_all_before)


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([("basic_ack", 3, True)], id="all together"),
        pytest.param(
            [("basic_ack", 1, False), ("basic_ack", 3, False), ("basic_ack", 2, False)], id="any order"
        ),
    ],
)
def test_publisher_waits_until_the_broker_has_every_message(answers: list[Any]) -> None:
    channel = Channel()
    confirms = Confirms(channel)
    channel.answers = [*answers]
    for _ in range(3):
        confirms.expect()

    confirms.wait(channel.drain)

    assert channel.answers == []


def test_message_that_the_broker_refuses_is_not_taken_for_safe() -> None:
    channel = Channel()
    confirms = Confirms(channel)
    channel.answers = [("basic_nack", 1, False), ("basic_ack", 2, False), ("basic_ack", 3, False)]
    confirms.expect()
    confirms.expect()

    with pytest.raises(MessageNacked):
        confirms.wait(channel.drain)

    confirms.expect()
    confirms.wait(channel.drain)
    assert channel.answers == []
