"""Rules of Landlock, by which Linux keeps a program to the files that are named to it.

Source: https://docs.kernel.org/userspace-api/landlock.html. A kernel knows the rights of its version; what a
later one adds is left out there.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntFlag
from pathlib import Path

CREATE_RULESET = 444  # the same on all architectures
_ASK_FOR_VERSION = 1


class Right(IntFlag):
    """Rights on files and folders."""

    EXECUTE = 1 << 0
    WRITE_FILE = 1 << 1
    READ_FILE = 1 << 2
    READ_FOLDER = 1 << 3
    REMOVE_FOLDER = 1 << 4
    REMOVE_FILE = 1 << 5
    MAKE_CHARACTER_DEVICE = 1 << 6
    MAKE_FOLDER = 1 << 7
    MAKE_FILE = 1 << 8
    MAKE_SOCKET = 1 << 9
    MAKE_PIPE = 1 << 10
    MAKE_BLOCK_DEVICE = 1 << 11
    MAKE_LINK = 1 << 12
    MOVE_ELSEWHERE = 1 << 13
    TRUNCATE = 1 << 14
    CONTROL_DEVICE = 1 << 15


_SINCE = {Right.MOVE_ELSEWHERE: 2, Right.TRUNCATE: 3, Right.CONTROL_DEVICE: 5}
_NETWORK_SINCE, _SCOPES_SINCE = 4, 6
# Binding and connecting of TCP; abstract sockets and signals of whoever is outside.
_ALL_NETWORK, _ALL_SCOPES = 0b11, 0b11
ON_FILES = (
    Right.EXECUTE | Right.WRITE_FILE | Right.READ_FILE | Right.TRUNCATE | Right.CONTROL_DEVICE
)  # all others are rights on folders alone

READ = Right.READ_FILE | Right.READ_FOLDER
RUN = READ | Right.EXECUTE
WRITE = (
    READ
    | Right.WRITE_FILE
    | Right.TRUNCATE
    | Right.MAKE_FILE
    | Right.MAKE_FOLDER
    | Right.REMOVE_FILE
    | Right.REMOVE_FOLDER
    | Right.MOVE_ELSEWHERE
)

# Not /usr, /etc or /opt as a whole: people keep applications there, with their secrets.
_PROGRAMS_AND_LIBRARIES = (
    *(
        f"{prefix}/{name}"
        for prefix in ("", "/usr", "/usr/local")
        for name in ("bin", "sbin", "lib", "lib64")
    ),
    *("/lib32", "/libx32", "/usr/lib32", "/usr/libx32", "/usr/libexec", "/nix/store", "/gnu/store"),
)
_SYSTEM_DATA = (
    *("/usr/share", "/usr/local/share", "/var/cache/fontconfig", "/etc/fonts"),
    *("/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime"),
    *("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu", "/sys/devices/system/node"),
    *("/dev/zero", "/dev/random", "/dev/urandom"),
)
_SYSTEM_RIGHTS = {
    **dict.fromkeys(_PROGRAMS_AND_LIBRARIES, RUN),
    **dict.fromkeys(_SYSTEM_DATA, READ),
    "/dev/null": READ | Right.WRITE_FILE,
}


@dataclass(frozen=True)
class Ruleset:
    """What a program is kept from, and the rights that it has all the same.

    files, network, scopes: of struct landlock_ruleset_attr, of which `size` bytes count. rules: a path, which
    may be missing, with the bits of its rights.
    """

    files: int
    network: int
    scopes: int
    size: int
    rules: tuple[tuple[str, int], ...]


def kernel_version() -> int:
    """Version of the kernel's Landlock; 0 where there is none, or where it is switched off."""
    if sys.platform != "linux":
        return 0
    version: int = ctypes.CDLL(None).syscall(CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_FOR_VERSION)
    return max(0, version)


def ruleset(
    version: int, *, program: Path, reads: Iterable[Path] = (), writes: Iterable[Path] = ()
) -> Ruleset:
    """Rules for a program that reads and writes these files and folders, and what all programs need.

    version: of the kernel's Landlock, at least 1.
    """
    handled = sum(right for right in Right if _SINCE.get(right, 1) <= version)
    rights: dict[str, int] = dict(_SYSTEM_RIGHTS)
    for paths, wanted in (([program], RUN), (reads, READ), (writes, WRITE)):
        for path in paths:
            rights[str(path)] = rights.get(str(path), 0) | wanted
    return Ruleset(
        files=handled,
        network=_ALL_NETWORK if version >= _NETWORK_SINCE else 0,
        scopes=_ALL_SCOPES if version >= _SCOPES_SINCE else 0,
        size=8 if version < _NETWORK_SINCE else 16 if version < _SCOPES_SINCE else 24,
        rules=tuple((path, int(right & handled)) for path, right in rights.items()),
    )
