"""A record of every status document that an engine makes: for answers, events and notifications."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from cattube_worker.assemblies.repository import Snapshot
from cattube_worker.assemblies.status.document import StatusView

FOLDER = "STATUS_RECORD"


def record_statuses(folder: Path) -> None:
    """Append each status document of this process to a file of its own below `folder`, from now on."""
    write_document, path = StatusView.document, folder / f"{os.getpid()}.jsonl"

    def document(self: StatusView, snapshot: Snapshot) -> dict[str, Any]:
        status = write_document(self, snapshot)
        with path.open("a") as file:
            file.write(json.dumps(status) + "\n")
        return status

    StatusView.document = document  # type: ignore[method-assign]


def recorded_statuses(folder: Path) -> list[dict[str, Any]]:
    """The documents of all processes, each once."""
    lines = {line for path in folder.glob("*.jsonl") for line in path.read_text().splitlines()}
    return [json.loads(line) for line in sorted(lines)]
