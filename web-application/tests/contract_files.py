"""The golden files that both rooms' suites read."""

import json
from pathlib import Path
from typing import Any

CONTRACT = Path(__file__).resolve().parents[2] / "contract"


def golden(pattern: str) -> dict[str, Any]:
    """The parsed files that match, by name. Never empty: a contract that is gone must not pass."""
    documents = {path.stem: json.loads(path.read_text()) for path in sorted(CONTRACT.glob(pattern))}
    if not documents:
        raise FileNotFoundError(f"contract/{pattern}")
    return documents
