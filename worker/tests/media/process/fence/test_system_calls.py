"""Numbers of system calls, held against the headers of Linux where they are installed."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from cattube_worker.media.process.fence.system_calls import (
    ARCHITECTURES,
    CLONE,
    CLONE3,
    FIRST_UNKNOWN,
    ON_ITSELF_ONLY,
    REFUSED,
    SECCOMP,
)

ALL = {**REFUSED, **ON_ITSELF_ONLY, "clone": CLONE, "clone3": CLONE3, "seccomp": SECCOMP}
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_numbers_are_those_of_the_headers(name: str) -> None:
    if not HEADERS[name].exists():
        pytest.skip("the headers of Linux are not installed")
    text = HEADERS[name].read_text()
    numbers = {call: int(number) for call, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text)}
    ours = {call: ARCHITECTURES[name].number(pair) for call, pair in ALL.items()}

    assert {
        call: number for call, number in ours.items() if call in numbers and number != numbers[call]
    } == {}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_no_number_stands_for_two_calls(name: str) -> None:
    numbers = [ARCHITECTURES[name].number(pair) for pair in ALL.values()]

    counts = Counter(number for number in numbers if number is not None)

    assert [number for number, count in counts.items() if count > 1] == []
    assert max(counts) < FIRST_UNKNOWN
