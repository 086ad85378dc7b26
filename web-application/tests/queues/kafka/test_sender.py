"""Senders to Kafka whose broker lets nobody in. The engine has the same."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress

import pytest

from cattube.queues.address import QueueAddress
from cattube.queues.kafka import event_loop, sender
from cattube.queues.kafka.sender import KafkaSender
from cattube.queues.queue import Message, QueueError


def test_f129_attempt_to_send_leaves_no_client_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """F129: clients wait for answers of a broker that is away, also when they are to end."""
    monkeypatch.setattr(event_loop, "SECONDS_TO_STOP", 0.1)
    monkeypatch.setattr(sender, "START_SECONDS", 0.01)
    is_over = threading.Event()
    test_gives_up = threading.Timer(60, is_over.set)
    test_gives_up.start()
    begun: list[threading.Thread] = []

    async def go_on(_: QueueAddress) -> None:
        begun.append(threading.current_thread())
        while not is_over.is_set():
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(0.01)

    monkeypatch.setattr(sender, "started_producer", go_on)
    address = QueueAddress(broker="kafka", servers=(("127.0.0.1", 9),), name="cats")
    with pytest.raises(QueueError, match="no answer came in time"):
        KafkaSender(address).send(Message(b"meow", {}))

    [thread] = begun
    thread.join(10)
    is_left = thread.is_alive()
    test_gives_up.cancel()
    is_over.set()
    assert not is_left
