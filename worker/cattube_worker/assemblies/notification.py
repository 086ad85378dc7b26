"""What a notification says, and what the delivery log shows of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cattube_worker.assemblies.deliveries import Notified
from cattube_worker.assemblies.model import Assembly
from cattube_worker.protocol.dates import status_date

# The parts that "notification_payload" of an assembly's instructions leaves out.
PARTS = {
    "without_params": ("params", "template", "merged_params"),
    "without_results": ("results",),
    "without_uploads": ("uploads",),
}
OUTCOMES = {"sent": "successful", "failed": "error"}


def trimmed(status: Mapping[str, Any]) -> dict[str, Any]:
    """The status without what the instructions' `notification_payload` leaves out."""
    wanted = json.loads(status["merged_params"]).get("notification_payload")
    unwanted = {each for each in wanted if isinstance(each, str)} if isinstance(wanted, list) else set()
    dropped = {key for part in unwanted & PARTS.keys() for key in PARTS[part]}
    told = {key: value for key, value in status.items() if key not in dropped}
    if "without_upload_meta_data" in unwanted and "uploads" in told:
        told["uploads"] = [_without_meta(each) for each in told["uploads"]]
    if "without_result_meta_data" in unwanted and "results" in told:
        told["results"] = {
            step: [_without_meta(each) for each in files] for step, files in told["results"].items()
        }
    return told


def delivery_entries(assembly: Assembly, notified: Notified) -> list[dict[str, Any]]:
    """The tries to deliver one notification, as the log shows them; one line also when there was none yet."""
    facts = {
        "id": notified.notification.id,
        "app_id": None,
        "assembly_id": assembly.id,
        "url": notified.notification.url,
    }
    if not notified.attempts:
        untried = dict.fromkeys(("start", "duration", "response_code", "response_data", "error"))
        return [{**facts, **untried, "status": "processing"}]
    outcomes = ["error"] * (len(notified.attempts) - 1)
    outcomes.append(OUTCOMES.get(notified.notification.state, "error"))
    return [
        {
            **facts,
            "start": status_date(attempt.started_at),
            "duration": attempt.duration_seconds,
            "status": outcome,
            "response_code": attempt.response_code,
            "response_data": attempt.response_data,
            "error": attempt.error,
        }
        for attempt, outcome in zip(notified.attempts, outcomes, strict=True)
    ]


def _without_meta(file: Mapping[str, Any]) -> dict[str, Any]:
    return {**file, "meta": {}}
