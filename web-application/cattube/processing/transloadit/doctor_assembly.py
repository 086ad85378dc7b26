"""Test Assembly, without a video, by which the doctor sees that notifications arrive."""

import json

TEST_FIELDS = {"probe": "cattube doctor"}


def is_test_assembly(text: str) -> bool:
    """True when the status in the JSON `text` is of a test Assembly. The params in it were signed by us."""
    if TEST_FIELDS["probe"] not in text:
        return False  # without reading what may be long, as all other statuses are
    try:
        return bool(json.loads(json.loads(text)["params"])["fields"] == TEST_FIELDS)
    except (ValueError, TypeError, KeyError, RecursionError):
        return False
