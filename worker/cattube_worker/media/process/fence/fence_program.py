"""Program that fences itself in for good, and then becomes another one. `fence.py` makes its arguments.

It is run by its path, at every start of ffmpeg: it decides nothing, and imports no more than it must.

    fence_program.py LANDLOCK COUNT [RIGHTS PATH]... CALL FILTER PROGRAM [ARGUMENT]...

LANDLOCK: files, network, scopes, size of a ruleset and the rights that files can have, with commas; or "".
COUNT: how many pairs of rights and path follow. CALL, FILTER: number of seccomp(2), and in hex what it sets.
"""

import ctypes
import os
import sys

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
RULE_BENEATH_PATH = 1
NO_NEW_PRIVILEGES = 38
SET_FILTER, ALLOW_SPECULATION = 1, 4
OWN_PROCESS = (0x7FFFFFFF).to_bytes(4, sys.byteorder)
# Python ignores both. They must end a program whose reader is gone, or whose file is too long.
BROKEN_PIPE, FILE_TOO_LONG = 13, 25
FAILED = 126

libc = ctypes.CDLL(None, use_errno=True)


class Filter(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def call(what: str, number: int, *arguments: object) -> int:
    result: int = libc.syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")
    return result


def forbid_privileges() -> None:
    if libc.prctl(NO_NEW_PRIVILEGES, *map(ctypes.c_ulong, (1, 0, 0, 0))) < 0:
        raise OSError(ctypes.get_errno(), "no_new_privs")


def restrict_files(landlock: str, rules: list[tuple[int, str]]) -> None:
    files, network, scopes, size, on_files = map(int, landlock.split(","))
    attributes = b"".join(bits.to_bytes(8, sys.byteorder) for bits in (files, network, scopes))
    ruleset = call("Landlock", CREATE_RULESET, attributes, ctypes.c_size_t(size), ctypes.c_uint(0))
    for rights, path in rules:
        try:
            allow(ruleset, path, rights, rights & on_files)
        except OSError:
            continue  # What is not there, or can have no rule, stays closed.
    call("Landlock", RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint(0))
    os.close(ruleset)


def allow(ruleset: int, path: str, rights: int, rights_of_file: int) -> None:
    beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    # Not pathlib, which takes as long to import as all this takes to run.
    allowed = rights if os.path.isdir(path) else rights_of_file  # noqa: PTH112
    rule = allowed.to_bytes(8, sys.byteorder) + beneath.to_bytes(4, sys.byteorder)
    call(path, ADD_RULE, ctypes.c_int(ruleset), RULE_BENEATH_PATH, rule, ctypes.c_uint(0))
    os.close(beneath)


def restrict_calls(number: int, instructions: bytes) -> None:
    """Set the filter, in which a mark stands for the number of this process, which the program keeps."""
    own = os.getpid().to_bytes(4, sys.byteorder)
    parts = [instructions[start : start + 8] for start in range(0, len(instructions), 8)]
    code = b"".join(part[:4] + own if part[4:] == OWN_PROCESS else part for part in parts)
    # Without ALLOW_SPECULATION kernels before 5.16 slow the program down.
    filter_ = Filter(len(parts), code)
    call("seccomp", number, SET_FILTER, ALLOW_SPECULATION, ctypes.byref(filter_))


def main(landlock: str, count: str, *rest: str) -> None:
    end = 2 * int(count)
    rules = [(int(rest[index]), rest[index + 1]) for index in range(0, end, 2)]
    number, instructions, program, *arguments = rest[end:]
    try:
        forbid_privileges()
        for signal_number in (BROKEN_PIPE, FILE_TOO_LONG):
            libc.signal(signal_number, None)
        if landlock:
            restrict_files(landlock, rules)
        if instructions:
            restrict_calls(int(number), bytes.fromhex(instructions))
        os.execv(program, [program, *arguments])  # noqa: S606 - there is no shell
    except OSError as error:
        sys.stderr.write(f"{program} could not be fenced in and started: {error}\n")
        os._exit(FAILED)


if __name__ == "__main__":
    main(*sys.argv[1:])
