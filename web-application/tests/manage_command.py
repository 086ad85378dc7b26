"""`manage.py` in a process of its own, on a state folder of the test's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from servers.bounded_process import PATIENCE_SECONDS

from cattube.config.setting_table import SETTINGS

ROOM = Path(__file__).resolve().parents[1]


def environment_for(data: Path) -> dict[str, str]:
    """The environment of the tests with no setting of the site in it but the state folder."""
    ours = {setting.name for setting in SETTINGS} | {"DJANGO_SETTINGS_MODULE"}
    return {name: text for name, text in os.environ.items() if name not in ours} | {"CATTUBE_DATA": str(data)}


def manage(data: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOM,
        env=environment_for(data) | settings,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
