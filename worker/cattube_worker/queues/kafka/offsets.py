"""Offsets of a topic: how far everything is done, although messages end in any order. Pure."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field


@dataclass
class _Partition:
    """next_offset: after the last that came. open: those of the earlier ones that are not done."""

    next_offset: int
    committed: int
    open: set[int] = field(default_factory=set)

    @property
    def done_until(self) -> int:
        return min(self.open, default=self.next_offset)


class Offsets:
    """Offsets that may be committed, by partition: everything before them is done."""

    def __init__(self) -> None:
        self._partitions: dict[Hashable, _Partition] = {}

    @property
    def open_count(self) -> int:
        """Messages that have come and are not done."""
        return sum(len(state.open) for state in self._partitions.values())

    def add(self, partition: Hashable, offset: int) -> None:
        """Note that the message has come."""
        state = self._partitions.setdefault(partition, _Partition(offset, offset))
        state.open.add(offset)
        state.next_offset = max(state.next_offset, offset + 1)

    def finish(self, partition: Hashable, offset: int) -> None:
        """Note that the message is done; of a partition that was given away, nothing."""
        if partition in self._partitions:
            self._partitions[partition].open.discard(offset)

    def committable(self) -> dict[Hashable, int]:
        """Offsets by which a commit would tell something new."""
        return {
            partition: state.done_until
            for partition, state in self._partitions.items()
            if state.done_until > state.committed
        }

    def committed(self, offsets: dict[Hashable, int]) -> None:
        for partition, offset in offsets.items():
            if partition in self._partitions:
                self._partitions[partition].committed = offset

    def forget(self, partition: Hashable) -> None:
        """Forget a partition that another process has now."""
        self._partitions.pop(partition, None)
