"""Offsets of a topic are committed as far as everything is done."""

from __future__ import annotations

from cattube.queues.kafka.offsets import Offsets


def offsets_with(*offsets: int, partition: str = "cats-0") -> Offsets:
    tracked = Offsets()
    for offset in offsets:
        tracked.add(partition, offset)
    return tracked


def test_message_that_waits_holds_the_offset_and_those_behind_it_are_done_all_the_same() -> None:
    tracked = offsets_with(5, 6, 7)

    tracked.finish("cats-0", 6)
    tracked.finish("cats-0", 7)
    assert tracked.committable() == {}

    tracked.finish("cats-0", 5)
    assert tracked.committable() == {"cats-0": 8}


def test_what_is_committed_is_not_committed_again() -> None:
    tracked = offsets_with(0)
    tracked.finish("cats-0", 0)

    tracked.committed(tracked.committable())

    assert tracked.committable() == {}


def test_offsets_that_the_broker_leaves_out_are_no_messages_that_wait() -> None:
    tracked = offsets_with(1, 9)

    tracked.finish("cats-0", 1)
    assert tracked.committable() == {"cats-0": 9}
    tracked.finish("cats-0", 9)
    assert tracked.committable() == {"cats-0": 10}


def test_partition_that_another_process_has_is_not_committed() -> None:
    tracked = offsets_with(3)

    tracked.forget("cats-0")
    tracked.finish("cats-0", 3)

    assert (tracked.committable(), tracked.open_count) == ({}, 0)
