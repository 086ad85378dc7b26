"""Publisher confirms: what was published on a channel, and what the broker has safe of it."""

from __future__ import annotations

from collections.abc import Callable

from amqp import Channel
from amqp.exceptions import MessageNacked


class Confirms:
    """Confirms of all messages published on the channel from now on.

    Many messages are confirmed together: to wait for each would take as long as the broker's disk for each.
    """

    def __init__(self, channel: Channel) -> None:
        channel.events["basic_ack"].add(self._acknowledged)
        channel.events["basic_nack"].add(self._refused)
        channel.confirm_select()
        self._number = 0
        self._open: set[int] = set()
        self._is_refused = False

    def expect(self) -> None:
        """Note that a message was published. The broker counts them, too."""
        self._number += 1
        self._open.add(self._number)

    def wait(self, drain: Callable[[], object]) -> None:
        """Return once the broker has all of them. drain: reads from the broker. Raises MessageNacked."""
        while self._open:
            drain()
        if self._is_refused:
            self._is_refused = False
            raise MessageNacked

    def _acknowledged(self, number: int, is_for_all_before: bool) -> None:
        if is_for_all_before:
            self._open = {open_number for open_number in self._open if open_number > number}
        else:
            self._open.discard(number)

    def _refused(self, number: int, is_for_all_before: bool) -> None:
        self._is_refused = True
        self._acknowledged(number, is_for_all_before)
