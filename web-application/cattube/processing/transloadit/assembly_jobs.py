"""Jobs of an Assembly, as our engine tells them.

Hosted Transloadit and older engines tell nothing of that kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from cattube.processing.transloadit.account import Account
from cattube.processing.transloadit.client import EngineClient, EngineUnreachable


@dataclass(frozen=True, kw_only=True)
class AssemblyJob:
    """A job. step: of the template. host: on which it runs, or ran last; "" while it has run nowhere.

    state: "waiting", "running", "done" or "failed". is_part: of a long video. attempts: that were begun.
    """

    step: str
    queue: str
    state: str
    host: str
    is_part: bool
    attempts: int
    percent: int


def read_jobs(engine: EngineClient, account: Account, assembly_id: str) -> tuple[AssemblyJob, ...]:
    """Jobs of the Assembly, oldest first; none if the engine does not know them. Raises EngineUnreachable."""
    fields = account.signed_request(timezone.now())
    http_status, answer = engine.request("GET", f"/assembly_jobs/{assembly_id}", fields=fields)
    if http_status == 404:
        return ()
    if http_status != 200:
        raise EngineUnreachable(f"HTTP {http_status} {answer.get('error', '')}")
    try:
        return tuple(_job(entry) for entry in answer["jobs"])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise EngineUnreachable("The list of jobs cannot be read") from error


def _job(entry: dict[str, Any]) -> AssemblyJob:
    return AssemblyJob(
        step=str(entry["node"]),
        queue=str(entry["queue"]),
        state=str(entry["state"]),
        host=str(entry["host"] or ""),
        is_part=bool(entry["is_part"]),
        attempts=int(entry["attempts"]),
        percent=round(100 * entry["progress"]),
    )
