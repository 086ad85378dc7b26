"""Notes every status document that an engine makes, wherever it goes: answer, event, notification."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from cattube_worker.assemblies.repository import Snapshot
from cattube_worker.assemblies.status.document import StatusView

FOLDER = "STATUS_RECORD"


def record_statuses(folder: Path) -> None:
    """From now on write each status document of this process into a file of its own below `folder`."""
    make, path = StatusView.document, folder / f"{os.getpid()}.jsonl"

    def document(self: StatusView, snapshot: Snapshot) -> dict[str, Any]:
        made = make(self, snapshot)
        with path.open("a") as file:
            file.write(json.dumps(made) + "\n")
        return made

    StatusView.document = document  # type: ignore[method-assign]


def recorded_statuses(folder: Path) -> list[dict[str, Any]]:
    """What all processes wrote, each document once."""
    lines = {line for path in folder.glob("*.jsonl") for line in path.read_text().splitlines()}
    return [json.loads(line) for line in sorted(lines)]
