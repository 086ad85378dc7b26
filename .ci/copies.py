"""Modules that both rooms have word for word, as neither may import the other. Pure but for reading files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from pathlib import Path

# Folders of the site and the engine, and what the site alone has there. All other modules both have.
COPIES = (
    (
        "web-application/cattube/queues",
        "worker/cattube_worker/queues",
        frozenset({"amqp/state.py", "kafka/state.py", "state.py"}),
    ),
)
_ROOM = re.compile(r"^( *from )cattube(?:_worker)?(?=\.)", re.MULTILINE)


def differing(one: Path, other: Path, *, of_one_alone: Set[str]) -> Iterator[Path]:
    """Modules of the folder `other` that `one` has not, or that differ by more than their room.

    of_one_alone: paths of modules that `one` has for itself.
    """
    names = (module_paths(one) | module_paths(other)) - of_one_alone
    for original, path in ((one / name, other / name) for name in sorted(names)):
        if not (original.exists() and path.exists()) or _without_room(original) != _without_room(path):
            yield path


def module_paths(folder: Path) -> set[str]:
    """Paths of all modules below the folder, from there."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.py")}


def _without_room(path: Path) -> str:
    return _ROOM.sub(r"\1", path.read_text())
