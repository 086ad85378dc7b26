"""Rows of jobs that wait, as the engine's database has them."""

from __future__ import annotations

from typing import Any

Rows = list[dict[str, Any]]


def waiting_rows(*, jobs: int, people: int) -> tuple[Rows, Rows]:
    """Assemblies, and of each one job that waits; those of one person are older than the next one's."""
    numbers = range(jobs)
    owners = [f"person-{number * people // jobs}" for number in numbers]
    assemblies = [
        {
            "id": f"{number:032x}",
            "owner": owners[number],
            "state": "executing",
            "created_at": float(number),
            **dict.fromkeys(("base_url", "auth_key", "params", "merged_params", "steps"), ""),
            **dict.fromkeys(("expected_uploads", "max_files", "max_size_bytes"), 1),
            "fields": {},
        }
        for number in numbers
    ]
    waiting = [
        {
            "id": f"job-{number:05}",
            "assembly_id": f"{number:032x}",
            "owner": owners[number],
            "node": "video",
            "inputs": "",
            "state": "waiting",
            "created_at": float(number),
            "due_at": float(number),
        }
        for number in numbers
    ]
    return assemblies, waiting
