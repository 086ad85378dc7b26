"""Modules that both rooms have word for word, as neither may import the other. Pure but for reading files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

# Folders of the site and the engine: a module that both have is the same.
COPIES = (("web-application/cattube/queues", "worker/cattube_worker/queues"),)
_ROOM = re.compile(r"^( *from )cattube(?:_worker)?(?=\.)", re.MULTILINE)


def differing(one: Path, other: Path) -> Iterator[Path]:
    """Modules in the folder `other` that differ from those in `one` in more than the room they import from.

    A module that one of them has alone is of its own room.
    """
    for path in sorted(other.glob("*.py")):
        original = one / path.name
        if original.exists() and _without_room(original) != _without_room(path):
            yield path


def _without_room(path: Path) -> str:
    return _ROOM.sub(r"\1", path.read_text())
