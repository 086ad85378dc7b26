"""The filter of system calls, run by an interpreter of the kernel's BPF machine."""

from __future__ import annotations

import errno
import struct
from collections.abc import Sequence
from functools import cache

import pytest

from cattube_worker.media.process.fence import seccomp
from cattube_worker.media.process.fence.system_calls import (
    ARCHITECTURES,
    CLONE,
    CLONE3,
    ON_ITSELF_ONLY,
    REFUSED,
    Architecture,
)

CLONE_FOR_A_THREAD = 0x3D0F00
MOST_INSTRUCTIONS = 4096
# What every encoder does, with its numbers on both architectures.
NEEDED = {
    "read": (0, 63),
    "write": (1, 64),
    "openat": (257, 56),
    "close": (3, 57),
    "mmap": (9, 222),
    "ftruncate": (77, 46),
    "futex": (202, 98),
    "execve": (59, 221),
    "exit_group": (231, 94),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "unlinkat": (263, 35),
    "getrandom": (318, 278),
    "prctl": (157, 167),
    "sched_getaffinity": (204, 123),
    "wait4": (61, 260),
    "memfd_create": (319, 279),
    "rseq": (334, 293),
    "faccessat2": (439, 439),
    "futex_waitv": (449, 449),
}


@pytest.fixture(params=ARCHITECTURES)
def architecture(request: pytest.FixtureRequest) -> Architecture:
    return ARCHITECTURES[request.param]


def answer(
    architecture: Architecture, number: int | None, first_argument: int = 0, *, audit: int | None = None
) -> int:
    """Error number that the call gets; 0 when it is allowed.

    audit: of the program, when it is of another architecture than the filter.
    """
    assert number is not None
    audit = architecture.audit if audit is None else audit
    data = struct.pack("=IIQ6Q", number, audit, 0, first_argument, *[0] * 5)
    result = run_filter(instructions_for(architecture), data)
    return 0 if result == seccomp.ALLOW else result & 0xFFFF


@cache
def instructions_for(architecture: Architecture) -> list[tuple[int, ...]]:
    """The filter as the kernel reads it."""
    code = seccomp.machine_code(seccomp.filter_program(architecture))
    return list(struct.iter_unpack("=HBBI", code))


def run_filter(instructions: Sequence[tuple[int, ...]], data: bytes) -> int:
    """What a program of the BPF machine returns for a struct seccomp_data. Each jump goes forward."""
    position = accumulator = 0
    while True:
        operation, if_true, if_false, value = instructions[position]
        position += 1
        if operation == 0x06:  # ret
            assert value == 0x7FFF0000 or value >> 16 == 0x0005, "neither allowed nor an error"
            return int(value)
        if operation == 0x20:  # ld word
            (accumulator,) = struct.unpack_from("=I", data, value)
            continue
        is_true = {
            0x15: accumulator == value,  # jeq
            0x25: accumulator > value,  # jgt
            0x35: accumulator >= value,  # jge
            0x45: bool(accumulator & value),  # jset
        }[operation]
        position += if_true if is_true else if_false


def test_program_is_one_that_the_kernel_takes(architecture: Architecture) -> None:
    """No jump leads out, and no way to the end misses a return."""
    program = seccomp.filter_program(architecture)

    assert len(program) <= MOST_INSTRUCTIONS
    for index, instruction in enumerate(program):
        if instruction.code != seccomp.RETURN:
            assert index + 1 + max(instruction.if_true, instruction.if_false) < len(program)
    assert program[-1].code == seccomp.RETURN


@pytest.mark.parametrize("name", REFUSED)
def test_m23_what_no_encoder_needs_is_refused(architecture: Architecture, name: str) -> None:
    number = architecture.number(REFUSED[name])

    if number is not None:
        assert answer(architecture, number) == errno.EPERM


def test_every_call_is_allowed_that_is_not_named(architecture: Architecture) -> None:
    named = {architecture.number(pair) for pair in (*REFUSED.values(), CLONE3)}

    refused = {number for number in range(463) if answer(architecture, number) != 0}

    assert refused == named - {None}


@pytest.mark.parametrize("name", NEEDED)
def test_what_encoders_need_is_allowed(architecture: Architecture, name: str) -> None:
    assert answer(architecture, architecture.number(NEEDED[name]), 7) == 0


@pytest.mark.parametrize("name", ON_ITSELF_ONLY)
def test_m23_other_processes_are_out_of_reach(architecture: Architecture, name: str) -> None:
    number, own = architecture.number(ON_ITSELF_ONLY[name]), seccomp.OWN_PROCESS

    answers = [answer(architecture, number, process) for process in (own, 0, 1, own - 1, 2**32 - 1)]

    assert answers == [0, 0, errno.EPERM, errno.EPERM, errno.EPERM]


@pytest.mark.parametrize("flag", [0x20000, *(1 << bit for bit in range(25, 31))])
def test_m23_no_namespace_is_made(architecture: Architecture, flag: int) -> None:
    number = architecture.number(CLONE)

    assert answer(architecture, number, flag) == errno.EPERM
    assert answer(architecture, number, CLONE_FOR_A_THREAD | flag) == errno.EPERM


def test_threads_are_made_by_clone_as_clone3_seems_missing(architecture: Architecture) -> None:
    assert answer(architecture, architecture.number(CLONE), CLONE_FOR_A_THREAD) == 0
    assert answer(architecture, architecture.number(CLONE3)) == errno.ENOSYS


@pytest.mark.parametrize("number", [463, 512, 547, 0x40000000, 0x40000029, 0x4000003E, 2**31, 2**32 - 1])
def test_m23_calls_of_x32_and_of_later_kernels_seem_missing(architecture: Architecture, number: int) -> None:
    assert answer(architecture, number) == errno.ENOSYS


@pytest.mark.parametrize("audit", [0x40000003, 0x40000028, 0xC0000015], ids=["i386", "arm", "ppc64"])
def test_m23_calls_of_another_architecture_seem_missing(architecture: Architecture, audit: int) -> None:
    """Their numbers are others: 41 and 198 would be no socket."""
    assert {answer(architecture, number, audit=audit) for number in range(463)} == {errno.ENOSYS}
