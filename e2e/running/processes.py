"""Programs of the project, run by themselves until a test has done with them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

SECONDS_TO_READY = 60


@contextmanager
def running(argv: list[str], folder: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(argv, cwd=folder, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=120)


def wait_for(address: str, process: subprocess.Popen[bytes]) -> httpx.Response:
    for _ in range(SECONDS_TO_READY * 5):
        try:
            return httpx.get(address)
        except httpx.TransportError:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(timeout=0.2)
    raise AssertionError(f"nothing answers at {address}")
