"""Filter of system calls (seccomp), as a program of the kernel's BPF machine. Pure.

What is refused gets an error, not a kill: ffmpeg's builds ask for this and that, and go on without.
Source: seccomp(2), and linux/filter.h for the instructions.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cattube_worker.media.process.fence.system_calls import (
    CLONE,
    CLONE3,
    FIRST_UNKNOWN,
    ON_ITSELF_ONLY,
    REFUSED,
    Architecture,
    Numbers,
)

# Stands for the number of the process, which is known only once it runs. No process has this one.
OWN_PROCESS = 0x7FFFFFFF

LOAD, JUMP_IF_EQUAL, JUMP_IF_ABOVE, JUMP_IF_AT_LEAST, JUMP_IF_ANY_BIT = 0x20, 0x15, 0x25, 0x35, 0x45
RETURN = 0x06
ALLOW, ERROR = 0x7FFF0000, 0x00050000
# Places in struct seccomp_data; of the first argument, the lower half.
CALL_NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
# CLONE_NEWNS, -CGROUP, -UTS, -IPC, -USER, -PID and -NET.
NAMESPACE_FLAGS = 0x7E020000


@dataclass(frozen=True)
class Instruction:
    """An instruction. if_true, if_false: how many instructions a jump leaves out."""

    code: int
    value: int
    if_true: int = 0
    if_false: int = 0


def filter_program(architecture: Architecture) -> list[Instruction]:
    """Filter for programs of that architecture; calls of any other one are missing."""
    refused = sorted(_numbers(REFUSED.values(), architecture))
    return [
        Instruction(LOAD, ARCHITECTURE),
        Instruction(JUMP_IF_EQUAL, architecture.audit, if_true=1),
        _error(errno.ENOSYS),
        Instruction(LOAD, CALL_NUMBER),
        Instruction(JUMP_IF_AT_LEAST, FIRST_UNKNOWN, if_false=1),
        _error(errno.ENOSYS),
        *_for_call(architecture.number(CLONE3), [_error(errno.ENOSYS)]),
        *(instruction for first, last in _runs(refused) for instruction in _refuse(first, last)),
        *_for_call(architecture.number(CLONE), _WITHOUT_NAMESPACES),
        *(
            instruction
            for number in _numbers(ON_ITSELF_ONLY.values(), architecture)
            for instruction in _for_call(number, _ON_ITSELF)
        ),
        Instruction(RETURN, ALLOW),
    ]


def machine_code(program: Sequence[Instruction]) -> bytes:
    """The program as an array of struct sock_filter."""
    return b"".join(struct.pack("=HBBI", op.code, op.if_true, op.if_false, op.value) for op in program)


def _error(number: int) -> Instruction:
    return Instruction(RETURN, ERROR | number)


_WITHOUT_NAMESPACES = (
    Instruction(LOAD, FIRST_ARGUMENT),
    Instruction(JUMP_IF_ANY_BIT, NAMESPACE_FLAGS, if_false=1),
    _error(errno.EPERM),
    Instruction(RETURN, ALLOW),
)
_ON_ITSELF = (
    Instruction(LOAD, FIRST_ARGUMENT),
    Instruction(JUMP_IF_EQUAL, 0, if_true=2),
    Instruction(JUMP_IF_EQUAL, OWN_PROCESS, if_true=1),
    _error(errno.EPERM),
    Instruction(RETURN, ALLOW),
)


def _for_call(number: int | None, instructions: Sequence[Instruction]) -> list[Instruction]:
    """Instructions for one call, which end with an answer."""
    if number is None:
        return []
    return [Instruction(JUMP_IF_EQUAL, number, if_false=len(instructions)), *instructions]


def _refuse(first: int, last: int) -> list[Instruction]:
    """Instructions that refuse the calls from `first` to `last`."""
    if first == last:
        return _for_call(first, [_error(errno.EPERM)])
    return [
        Instruction(JUMP_IF_AT_LEAST, first, if_false=2),
        Instruction(JUMP_IF_ABOVE, last, if_true=1),
        _error(errno.EPERM),
    ]


def _numbers(calls: Iterable[Numbers], architecture: Architecture) -> list[int]:
    return [number for call in calls if (number := architecture.number(call)) is not None]


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of numbers without a gap. numbers: sorted."""
    first = last = -1
    for number in numbers:
        if first >= 0 and number != last + 1:
            yield first, last
            first = number
        first, last = (number if first < 0 else first), number
    if first >= 0:
        yield first, last
