"""docs/architecture.md names files and folders that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text()
BASES = (
    ROOT,
    ROOT / "worker" / "cattube_worker",
    ROOT / "web-application" / "cattube",
    ROOT / "web-application" / "frontend" / "src",
)
# Of the state folder, which is made at the first start.
STATE = {
    "data/",
    "bucket/",
    "uploads/",
    "tmp/",
    "streams/",
    "cache/",
    "models/",
    "results/",
    "static/",
    "published/",
    "data/streams/",
    "apache/",
    "front/",
}
NAMED = sorted(set(re.findall(r"`([a-z0-9_.-]+(?:/[a-z0-9_.-]+)*(?:/|\.py|\.ts))`", PAGE)) - STATE)


@pytest.mark.parametrize("name", NAMED)
def test_file_or_folder_exists(name: str) -> None:
    assert any((base / name).exists() for base in BASES)
