"""Sandboxes of each make that works on this machine, and programs of a few lines that run in them."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from servers.procfs import arguments, processes

from cattube_worker.media.process.fence.sandbox import ONLY_LIMITS, Sandbox, is_available
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.run import RunResult, run

Script = Callable[..., Path]

BUBBLEWRAP_WORKS = (
    shutil.which("bwrap") is not None
    and subprocess.run(
        ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"], capture_output=True, check=False
    ).returncode
    == 0
)
SANDBOXES: tuple[Sandbox, ...] = (
    ONLY_LIMITS,
    ("bubblewrap",),
    ("landlock",),
    ("seccomp",),
    ("landlock", "seccomp"),
    ("bubblewrap", "landlock", "seccomp"),
)


@pytest.fixture(params=SANDBOXES, ids=lambda layers: "+".join(layers) or "limits")
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    sandbox: Sandbox = request.param
    if "bubblewrap" in sandbox and not BUBBLEWRAP_WORKS:
        pytest.skip("bubblewrap does not work on this machine")
    if not all(is_available(layer) for layer in sandbox):
        pytest.skip("this machine does not have the layer")
    return sandbox


@pytest.fixture
def program(tmp_path: Path) -> Script:
    """Makes a program of a shell script's lines."""

    def make(*lines: str) -> Path:
        path = tmp_path / "ffmpeg"
        path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
        path.chmod(0o755)
        return path

    return make


def start(
    program: Path,
    sandbox: Sandbox,
    *arguments: str,
    timeout_seconds: float = 30,
    limits: Limits | None = None,
    **others: Any,
) -> RunResult:
    return run(
        program,
        arguments,
        sandbox=sandbox,
        limits=limits or Limits(),
        timeout_seconds=timeout_seconds,
        **others,
    )


def running(mark: str) -> list[int]:
    """Processes, zombies aside, that have `mark` among their arguments."""
    return [pid for pid in processes() if mark in arguments(pid)]


def wait_until_gone(mark: str) -> None:
    ends_at = time.monotonic() + 120
    while running(mark) and time.monotonic() < ends_at:
        time.sleep(0.02)
    assert running(mark) == []
