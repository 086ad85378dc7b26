"""Sandboxes of each make that works on this machine."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from cattube_worker.media.process.sandbox import ONLY_LIMITS, Sandbox, is_available

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
