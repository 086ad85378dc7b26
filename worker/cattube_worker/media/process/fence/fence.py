"""Fence around a program, by which Linux refuses it files and system calls. It needs no privilege.

A program of our own, `fence_program.py`, sets it and becomes the program. Nothing runs between fork and exec
in the engine itself, whose threads may hold locks then.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from cattube_worker.media.process.fence import seccomp
from cattube_worker.media.process.fence.landlock import ON_FILES, kernel_version, ruleset
from cattube_worker.media.process.fence.system_calls import SECCOMP, this_architecture

PROGRAM = Path(__file__).with_name("fence_program.py")
# Not the link in a virtual environment: Python would look for its packages there, which takes time.
PYTHON = Path(sys.executable).resolve()
# All that Python needs to start, where it is not one of the system's.
PYTHON_FOLDER = Path(sys.base_prefix).resolve()


def can_guard_files() -> bool:
    return kernel_version() > 0


def can_guard_calls() -> bool:
    return this_architecture() is not None


def fenced(
    argv: Sequence[str],
    *,
    files: bool,
    calls: bool,
    program: Path,
    reads: Iterable[Path] = (),
    writes: Iterable[Path] = (),
) -> list[str]:
    """Command in a fence.

    files: keep it from all files but these, the system's and `program`. calls: filter its system calls.
    """
    landlock = _landlock(program, reads, writes) if files else ["", "0"]
    return [str(PYTHON), "-I", "-S", str(PROGRAM), *landlock, *(_filter() if calls else ["0", ""]), *argv]


def _landlock(program: Path, reads: Iterable[Path], writes: Iterable[Path]) -> list[str]:
    rules = ruleset(kernel_version(), program=program, reads=reads, writes=writes)
    bits = (rules.files, rules.network, rules.scopes, rules.size, ON_FILES & rules.files)
    pairs = [text for path, rights in rules.rules for text in (str(rights), path)]
    return [",".join(str(int(number)) for number in bits), str(len(rules.rules)), *pairs]


@cache
def _filter() -> tuple[str, str]:
    architecture = this_architecture()
    assert architecture is not None  # noqa: S101 - asked by can_guard_calls
    code = seccomp.machine_code(seccomp.filter_program(architecture))
    return str(architecture.number(SECCOMP)), code.hex()
