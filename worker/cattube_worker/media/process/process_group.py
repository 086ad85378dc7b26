"""Process group of a program: what is done to it reaches all that it starts."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from cattube_worker.media.process.fence.sandbox import LEASHES

_PROCESSES = Path("/proc")


class ProcessGroup:
    """The group of a child of ours, which was started by `command` in a session of its own.

    number: of the child, which must not have been waited for yet, and of its group.
    """

    def __init__(self, number: int, command: Sequence[str]) -> None:
        self._number, self._has_leash = number, any(leash in command for leash in LEASHES)

    def stop(self) -> bool:
        """Have the group stand still, and tell if it does now.

        It does not before it is sure to die with this process: one that is stopped would stay for ever.
        """
        if not self._is_on_leash():
            return False
        self._signal(signal.SIGSTOP)
        return True

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """Kill what is left of the group, whether it stands still or not."""
        self._signal(signal.SIGKILL)

    def _signal(self, signal_number: int) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._number, signal_number)

    def _is_on_leash(self) -> bool:
        """True once the leash is tied: a process of the group is the program, and not its leash any more."""
        lines = _command_lines(self._number) if self._has_leash else ()
        return any(line and not any(leash.encode() in line for leash in LEASHES) for line in lines)


def stats_of(group: int) -> Iterator[tuple[Path, list[str]]]:
    """Folder in `/proc` and fields of `stat` of each process in the group; none where there is no `/proc`.

    The fields begin behind the name, which may hold any character: proc(5) counts the first as the third.
    """
    for process in _PROCESSES.glob("[0-9]*"):
        with suppress(OSError):  # It has ended in this moment.
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            if int(fields[2]) == group:
                yield process, fields


def _command_lines(group: int) -> Iterator[list[bytes]]:
    for process, _ in stats_of(group):
        with suppress(OSError):
            yield (process / "cmdline").read_bytes().split(b"\0")[:-1]
