"""The payload of a notification: the status document, as far as the receiver wants it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

# Keys of the status that each word of "notification_payload" leaves out.
OMITTED_KEYS = {
    "without_params": ("params", "template", "merged_params"),
    "without_results": ("results",),
    "without_uploads": ("uploads",),
}


def notification_payload(status: Mapping[str, Any]) -> dict[str, Any]:
    """The status without what its instructions' `notification_payload` leaves out."""
    words = json.loads(status["merged_params"]).get("notification_payload")
    options = {word for word in words if isinstance(word, str)} if isinstance(words, list) else set()
    omitted = {key for option in options & OMITTED_KEYS.keys() for key in OMITTED_KEYS[option]}
    payload = {key: value for key, value in status.items() if key not in omitted}
    if "without_upload_meta_data" in options and "uploads" in payload:
        payload["uploads"] = [_without_meta(file) for file in payload["uploads"]]
    if "without_result_meta_data" in options and "results" in payload:
        payload["results"] = {
            step: [_without_meta(file) for file in files] for step, files in payload["results"].items()
        }
    return payload


def _without_meta(file: Mapping[str, Any]) -> dict[str, Any]:
    return {**file, "meta": {}}
