"""CatTube has one version, whichever room tells it."""

from __future__ import annotations

import subprocess
import sys
import tomllib

import pytest
from check_house import ROOT

FILES = ["web-application/cattube/version.py", "worker/cattube_worker/version.py"]


def project_version() -> str:
    version: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    return version


@pytest.mark.parametrize("file", FILES)
def test_room_has_the_version_of_the_project(file: str) -> None:
    # Read, not imported: each room also runs without the other.
    assert f'\nVERSION = "{project_version()}"\n' in (ROOT / file).read_text()


def test_start_tells_the_version() -> None:
    argv = [sys.executable, str(ROOT / "deploy" / "start.py"), "--version"]

    done = subprocess.run(argv, capture_output=True, text=True, check=True)

    assert done.stdout == f"CatTube {project_version()}\n"
