"""An Assembly of no video, by which the doctor sees whether reports arrive."""

import json

PROBE_FIELDS = {"probe": "cattube doctor"}


def is_probe(text: str) -> bool:
    """Whether the report in the JSON `text` is of such an Assembly; we signed that it is."""
    try:
        return bool(json.loads(json.loads(text)["params"])["fields"] == PROBE_FIELDS)
    except (ValueError, TypeError, KeyError, RecursionError):
        return False
