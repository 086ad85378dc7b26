"""Schemas of Transloadit's own SDK, before which both rooms' tests bring status documents."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from typing import Any

from servers.processes import ROOT

CLIENTS = ROOT / "worker" / "tests" / "clients"


def complaints(statuses: Sequence[dict[str, Any]]) -> list[str]:
    """Complaints of the schemas about these statuses, one for each that a release of the SDK refuses."""
    done = subprocess.run(
        ["node", "complaints.mjs"],
        cwd=CLIENTS,
        input=json.dumps(statuses),
        capture_output=True,
        text=True,
        check=True,
    )
    said: list[str] = json.loads(done.stdout)
    return said
