"""Replays: an engine does an Assembly again, with the file that it has kept.

Source: Transloadit docs, "Replay an Assembly".
"""

from typing import Any

from django.utils import timezone

from cattube.processing.transloadit.account import engine_account
from cattube.processing.transloadit.client import RATE_LIMITED, EngineUnreachable, engine_client
from cattube.processing.transloadit.status.assembly_status import ASSEMBLY_ID


def replay_assembly(assembly_id: str, *, fields: dict[str, Any]) -> str | None:
    """Id of the new Assembly; None when the engine refuses, for it has no file any more.

    fields: those that are to differ. Raises EngineUnreachable; then it may have begun, or not.
    """
    signed = engine_account().signed_request(timezone.now(), fields=fields)
    http_status, answer = engine_client().request("POST", f"/assemblies/{assembly_id}/replay", fields=signed)
    child_id = answer.get("assembly_id")
    if "error" not in answer and isinstance(child_id, str) and ASSEMBLY_ID.fullmatch(child_id):
        return child_id
    if http_status >= 500 or http_status == 429 or answer.get("error") in RATE_LIMITED:
        raise EngineUnreachable(f"HTTP {http_status} {answer.get('error', '')}")
    return None
